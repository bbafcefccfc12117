import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo } from "node:net";

/** What of the account exists, asked at every request. */
export interface Exists {
  readonly bucket: (name: string) => boolean;
  readonly alias: (name: string) => boolean;
}

interface Answer {
  readonly code: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * As much of S3, KMS and STS as a backend of Pulumi and its secrets ask for, at a local address that the CLI and the SDK take from
 * `AWS_ENDPOINT_URL`. It knows neither signatures nor policies; what it encrypts is only marked so.
 */
export class FakeAws {
  /** Whose credentials every caller has. */
  account = "";
  /** Objects by bucket and key: what the account's state bucket holds. */
  readonly objects = new Map<string, Buffer>();
  private readonly server: Server;

  constructor(private readonly exists: Exists) {
    this.server = createServer((request, response) => {
      void read(request).then((body) => {
        const { code, headers, body: said } = this.answer(request, body);
        response.writeHead(code, { "x-amz-request-id": "0", ...headers });
        response.end(request.method === "HEAD" ? undefined : said);
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** For the processes that are to take it for AWS. */
  get env(): NodeJS.ProcessEnv {
    return {
      // An address that is a number: the SDKs then put the bucket into the path.
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "stand-in",
      AWS_SECRET_ACCESS_KEY: "stand-in",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  private answer(request: IncomingMessage, body: Buffer): Answer {
    const target = request.headers["x-amz-target"];
    if (typeof target === "string") return this.kms(target, body);
    const url = new URL(request.url ?? "/", "http://aws");
    if (url.pathname === "/" && request.method === "POST") return this.sts();
    const [bucket = "", ...path] = decodeURIComponent(url.pathname.slice(1)).split("/");
    if (!this.exists.bucket(bucket)) return failure(404, "NoSuchBucket");
    return path.join("/") === ""
      ? this.list(bucket, url.searchParams)
      : this.object(request, `${bucket}/${path.join("/")}`, body);
  }

  private sts(): Answer {
    const arn = `arn:aws:iam::${this.account}:user/administrator`;
    const body =
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      `<Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${this.account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    return { code: 200, body, headers: { "content-type": "text/xml" } };
  }

  private kms(target: string, body: Buffer): Answer {
    const json = (code: number, value: object): Answer => ({
      code,
      body: JSON.stringify(value),
      headers: { "content-type": "application/x-amz-json-1.1" },
    });
    const given = JSON.parse(body.toString()) as { KeyId: string; Plaintext: string; CiphertextBlob: string };
    // As with AWS, what is encrypted knows its key.
    const unpack = (): { key: string; plain: string } =>
      JSON.parse(Buffer.from(given.CiphertextBlob, "base64").toString()) as { key: string; plain: string };
    const encrypts = target.endsWith(".Encrypt");
    const { key, plain } = encrypts ? { key: given.KeyId, plain: given.Plaintext } : unpack();
    if (!this.exists.alias(key)) return json(400, { __type: "NotFoundException", message: `${key} is not found.` });
    const blob = Buffer.from(JSON.stringify({ key, plain })).toString("base64");
    return json(200, { KeyId: key, ...(encrypts ? { CiphertextBlob: blob } : { Plaintext: plain }) });
  }

  private list(bucket: string, query: URLSearchParams): Answer {
    const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
    const keys = [...this.objects.keys()]
      .filter((name) => name.startsWith(`${bucket}/${prefix}`))
      .map((name) => name.slice(bucket.length + 1))
      .sort();
    const folderOf = (key: string): string | undefined => {
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 ? undefined : key.slice(0, end + delimiter.length);
    };
    const folders = new Set(keys.flatMap((key) => folderOf(key) ?? []));
    const contents = keys
      .filter((key) => folderOf(key) === undefined)
      .map((key) => {
        const content = this.objects.get(`${bucket}/${key}`) ?? Buffer.of();
        return `<Contents><Key>${key}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>${etag(content)}</ETag><Size>${content.length}</Size></Contents>`;
      });
    const prefixes = [...folders].map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`);
    const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join("")}${prefixes.join("")}</ListBucketResult>`;
    return { code: 200, body, headers: { "content-type": "application/xml" } };
  }

  private object(request: IncomingMessage, name: string, body: Buffer): Answer {
    const from = request.headers["x-amz-copy-source"];
    if (request.method === "PUT" && typeof from === "string") {
      const source = this.objects.get(decodeURIComponent(from).replace(/^\//, ""));
      if (source === undefined) return failure(404, "NoSuchKey");
      this.objects.set(name, source);
      return { code: 200, body: `<CopyObjectResult><ETag>${etag(source)}</ETag></CopyObjectResult>` };
    }
    if (request.method === "PUT") this.objects.set(name, body);
    if (request.method === "DELETE") {
      this.objects.delete(name);
      return { code: 204 };
    }
    const content = this.objects.get(name);
    if (content === undefined) return failure(404, "NoSuchKey");
    const headers = { etag: etag(content), "last-modified": modified.toUTCString() };
    if (request.method === "PUT") return { code: 200, headers };
    return { code: 200, body: content, headers: { ...headers, "content-length": String(content.length) } };
  }
}

const modified = new Date(0);
const etag = (content: Buffer): string => `"${createHash("md5").update(content).digest("hex")}"`;

function failure(code: number, name: string): Answer {
  return { code, body: `<Error><Code>${name}</Code><Message>${name}</Message></Error>` };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

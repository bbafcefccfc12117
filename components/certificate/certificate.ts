import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import { override, type Override } from "../shared/override";
import { checkNames, provenName } from "./domain";

export interface CertificateArgs {
  /** Every name that the certificate covers, wildcards included, the main one first. At most 64 characters for that. */
  readonly names: readonly [string, ...string[]];
  /** Route 53 zone of all the names: the proof of ownership is written there. */
  readonly zoneId: pulumi.Input<string>;
  /** Region of the certificate; CloudFront takes those of `us-east-1` alone. @default the provider's */
  readonly region?: string;
  /**
   * Names that another certificate of this account proves already. ACM asks for one and the same record for a name in
   * every region of an account, and two owners of it would take it from each other. @default none
   */
  readonly provenNames?: readonly string[];
  /** Last word on each child, by the same key as in `nodes`. @default none */
  readonly transform?: CertificateTransform;
}

export interface CertificateTransform {
  readonly certificate?: Override<aws.acm.CertificateArgs>;
  /** Applied to every validation record. */
  readonly records?: Override<aws.route53.RecordArgs>;
  readonly validation?: Override<aws.acm.CertificateValidationArgs>;
}

/** The raw children. */
export interface CertificateNodes {
  readonly certificate: aws.acm.Certificate;
  /** By the name that they prove. */
  readonly records: Readonly<Record<string, aws.route53.Record>>;
  readonly validation: aws.acm.CertificateValidation;
}

/** A public ACM certificate, proven through Route 53 and renewed by AWS for as long as the records stay. */
export class Certificate extends pulumi.ComponentResource {
  /** ARN of the certificate, known once it is issued: what takes it waits for that. */
  public readonly arn: pulumi.Output<string>;
  /** The names that it covers. */
  public readonly names: readonly string[];
  /** The raw resources. */
  public readonly nodes: CertificateNodes;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    check(name, args);
    super("kiban:index:Certificate", name, {}, opts);

    const [domainName, ...alternatives] = args.names;
    const region = args.region === undefined ? {} : { region: args.region };
    const certificate = new aws.acm.Certificate(
      `${name}-acm`,
      override<aws.acm.CertificateArgs>(
        {
          domainName,
          ...(alternatives.length > 0 && { subjectAlternativeNames: alternatives }),
          validationMethod: "DNS",
          ...region,
        },
        args.transform?.certificate,
      ),
      { parent: this },
    );
    const records = createRecords(this, name, args, certificate);
    // The provider wants a record for every name or none at all, so with names proven elsewhere it only waits.
    const complete = !args.names.some((n) => provenElsewhere(args, n));
    const validation = new aws.acm.CertificateValidation(
      `${name}-issued`,
      override<aws.acm.CertificateValidationArgs>(
        {
          certificateArn: certificate.arn,
          ...(complete && { validationRecordFqdns: Object.values(records).map((record) => record.fqdn) }),
          ...region,
        },
        args.transform?.validation,
      ),
      { parent: this, dependsOn: Object.values(records) },
    );

    this.arn = validation.certificateArn;
    this.names = args.names;
    this.nodes = { certificate, records, validation };
    this.registerOutputs({ arn: this.arn, names: this.names });
  }
}

function check(name: string, args: CertificateArgs): void {
  const faults = new Faults("Certificate", name);
  checkNames(faults, "names", args.names, true);
  if (args.names[0].length > 64) {
    faults.add("names[0]", args.names[0], "at most 64 characters (ACM)", "put a shorter name first");
  }
  faults.raise();
}

function provenElsewhere(args: CertificateArgs, name: string): boolean {
  return (args.provenNames ?? []).some((proven) => provenName(proven) === provenName(name));
}

function createRecords(
  parent: pulumi.Resource,
  name: string,
  args: CertificateArgs,
  certificate: aws.acm.Certificate,
): Record<string, aws.route53.Record> {
  const records: Record<string, aws.route53.Record> = {};
  for (const proven of new Set(args.names.filter((n) => !provenElsewhere(args, n)).map(provenName))) {
    const option = certificate.domainValidationOptions.apply((options) => {
      const found = options.find((o) => provenName(o.domainName) === proven);
      if (found === undefined) throw new Error(`Certificate "${name}": ACM gave no validation record for ${proven}`);
      return found;
    });
    records[proven] = new aws.route53.Record(
      `${name}-prove-${proven}`,
      override<aws.route53.RecordArgs>(
        {
          zoneId: args.zoneId,
          name: option.resourceRecordName,
          type: "CNAME",
          records: [option.resourceRecordValue],
          ttl: 300,
          // The value is the same whoever asks for it in this account: one left by an earlier certificate is right.
          allowOverwrite: true,
        },
        args.transform?.records,
      ),
      { parent },
    );
  }
  return records;
}

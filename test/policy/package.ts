import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export const root = resolve(__dirname, "../..");

/** The pack as `npm pack` makes it, unpacked outside of the project, with the dependencies that it declares and no other. */
export class PublishedPack {
  private constructor(
    /** Holds everything, to be removed after use. */
    readonly directory: string,
    readonly pack: string,
  ) {}

  static make(): PublishedPack {
    const directory = mkdtempSync(join(tmpdir(), "kiban-published-"));
    // A copy, since packing builds anew and other tests run the build.
    const source = join(directory, "source");
    const left = /\/policy\/(bin|node_modules)$/;
    cpSync(join(root, "policy"), join(source, "policy"), { recursive: true, filter: (path) => !left.test(path) });
    cpSync(join(root, "tsconfig.json"), join(source, "tsconfig.json"));
    symlinkSync(join(root, "node_modules"), join(source, "node_modules"));
    const run = (command: string, args: readonly string[]) =>
      execFileSync(command, args, { cwd: join(source, "policy"), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    run("npm", ["pack", "--pack-destination", directory]);
    const { name, version, dependencies } = JSON.parse(readFileSync(join(source, "policy/package.json"), "utf8")) as {
      name: string;
      version: string;
      dependencies: Record<string, string>;
    };
    run("tar", ["xzf", join(directory, `${name.slice(1).replace("/", "-")}-${version}.tgz`), "-C", directory]);
    const pack = join(directory, "package");
    // npm lifts the SDK, which the policies' SDK depends on, to the same place.
    for (const dependency of [...Object.keys(dependencies), "@pulumi/pulumi"]) link(dependency, pack);
    return new PublishedPack(directory, pack);
  }

  /** Writes nothing: an empty folder of a program outside of the project, with what it would install. */
  program(): string {
    const program = join(this.directory, "program");
    for (const dependency of ["@pulumi/pulumi", "@pulumi/aws"]) link(dependency, program);
    return program;
  }
}

function link(dependency: string, directory: string): void {
  const to = join(directory, "node_modules", dependency);
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(join(root, "node_modules", dependency), to);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import { Cloud } from "./cloud";
import { readFaults } from "./faults";
import { Provider } from "./provider";
import { serve } from "./service";

/** The version that the engine expects is that of the installed SDK. */
function versionOf(pkg: string): string {
  const manifest = readFileSync(require.resolve(`@pulumi/${pkg}/package.json`), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function main(pkg: string, folder: string): void {
  const provider = new Provider(new Cloud(join(folder, "cloud.jsonl")), readFaults(folder));
  // No limit on a message: the inputs of a large stack's resource may exceed gRPC's 4 MB.
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, serve(provider, { name: pkg, version: versionOf(pkg) }));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    // The engine reads the port from the first line.
    process.stdout.write(`${port}\n`);
  });
  // An engine that was killed says no goodbye.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(1);
  }, 500).unref();
}

main(process.argv[2] ?? "", process.env["KIBAN_SANDBOX"] ?? "");

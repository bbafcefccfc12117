import { spawn, type ChildProcess } from "node:child_process";
import { basename } from "node:path";

import { credentials, status } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";

import { UsageError } from "../usage";

/** The policy pack did not start, stopped, or failed at a question. */
export class PolicyPackError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PolicyPackError";
  }
}

/** What the engine tells a pack about the stack. */
export interface PackEnvironment {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly config: Readonly<Record<string, string>>;
}

const mostBytes = 400 * 1024 * 1024;
/** Lines of a failed pack's own words that a message quotes. */
const quotedLines = 20;

/**
 * A policy pack in a process of its own, started as the engine starts it: `run-policy-pack` in the pack's directory,
 * which prints the port that it answers on. Source: pulumi/pulumi, `sdk/nodejs/cmd/pulumi-language-nodejs`.
 */
export class PolicyProcess {
  private readonly child: ChildProcess;
  private said = "";
  private closing = false;
  /** Rejects when the process ends before it is told to. */
  readonly ended: Promise<never>;
  readonly client: Promise<AnalyzerClient>;

  constructor(
    private readonly pack: string,
    environment: PackEnvironment,
  ) {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [pack, __dirname] });
    this.child = spawn(process.execPath, [runner, "127.0.0.1:0", "."], {
      cwd: pack,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PULUMI_NODEJS_ORGANIZATION: environment.organization,
        PULUMI_NODEJS_PROJECT: environment.project,
        PULUMI_NODEJS_STACK: environment.stack,
        PULUMI_NODEJS_DRY_RUN: String(environment.preview),
        PULUMI_CONFIG: JSON.stringify(environment.config),
      },
    });
    this.ended = new Promise<never>((_, reject) => {
      this.child.on("error", (error) => reject(this.failure(`could not be started: ${error.message}`)));
      this.child.on("exit", (code, signal) => {
        if (!this.closing) reject(this.failure(`stopped with ${signal ?? `exit code ${code ?? 1}`}`));
      });
    });
    this.ended.catch(() => undefined);
    this.client = this.connect();
    this.client.catch(() => undefined);
  }

  private failure(what: string): PolicyPackError {
    const said = this.said.replace(/\u001b\[\d+m/g, "").trim();
    const lines = said.split("\n").filter((line) => !/^\s+at .*(node_modules|node:)/.test(line));
    lines.splice(0, lines.length - quotedLines);
    const quoted = lines[0] === "" ? "" : `:\n${lines.map((line) => `  ${line}`).join("\n")}`;
    return new PolicyPackError(`the policy pack in ${basename(this.pack)}/ ${what}${quoted}`);
  }

  private async connect(): Promise<AnalyzerClient> {
    this.child.stderr?.on("data", (data: Buffer) => (this.said += data.toString()));
    const port = new Promise<number>((resolve) => {
      let printed = "";
      this.child.stdout?.on("data", (data: Buffer) => {
        printed += data.toString();
        const line = /^\s*(\d+)\s*\n/.exec(printed);
        if (line !== null) resolve(Number(line[1]));
        else this.said += data.toString();
      });
    });
    const address = `127.0.0.1:${await Promise.race([port, this.ended])}`;
    return new AnalyzerClient(address, credentials.createInsecure(), {
      "grpc.max_receive_message_length": mostBytes,
      "grpc.max_send_message_length": mostBytes,
    });
  }

  /** Asks one question; the pack's end counts as the answer, whichever comes first. */
  async ask<T>(
    question: (client: AnalyzerClient, done: (error: Error | null, answer?: T) => void) => void,
  ): Promise<T> {
    const client = await this.client;
    const answer = new Promise<T>((resolve, reject) => {
      question(client, (error, response) => {
        if (error !== null) {
          const { code, details = error.message } = error as { code?: number; details?: string };
          // The pack's word for settings that it does not take.
          if (code === status.INVALID_ARGUMENT) return reject(new UsageError(details));
          // A broken connection is told by the process's end, which knows why.
          if (!details.includes("UNAVAILABLE") && !/ECONN|Connection dropped/.test(details)) {
            reject(this.failure(`failed: ${details}`));
          }
        } else if (response !== undefined) {
          resolve(response);
        }
      });
    });
    return Promise.race([answer, this.ended]);
  }

  async close(): Promise<void> {
    this.closing = true;
    const ended = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
    const running = this.child.exitCode === null && this.child.signalCode === null;
    this.client.then(
      (client) => client.close(),
      () => undefined,
    );
    if (!running) return;
    this.child.kill("SIGKILL");
    await ended;
  }
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const tags = {
  Project: "kiban",
  Environment: "stg",
  ManagedBy: "pulumi",
  Owner: "platform",
  CostCenter: "CC-1000",
  DataClass: "internal",
};

/** A program for stack stg that the policies let pass, and `more` to break it. */
export function program(more: string, provider: object = { allowedAccountIds: ["222222222222"] }): string {
  const settings = { region: "ap-northeast-1", defaultTags: { tags }, ...provider };
  return `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const opts = { provider: new aws.Provider("aws", ${JSON.stringify(settings)} as aws.ProviderArgs) };
const key = new aws.kms.Key("key", { enableKeyRotation: true, deletionWindowInDays: 30 }, opts);
export const keyArn = key.arn;
void [random, pulumi];
${more}
`;
}

/** Puts the program in the copy's place of the platform. */
export function useProgram(copy: string, text: string): void {
  writeFileSync(join(copy, "index.ts"), text);
}

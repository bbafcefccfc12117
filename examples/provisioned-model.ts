import { GenAiEndpoint } from "../components/gen-ai-endpoint/gen-ai-endpoint";
import { Key } from "../components/key/key";

// Reserved capacity, for a load that is steady enough to pay by the hour. It is sold in few regions: here in us-east-1.
const region = "us-east-1";
const key = new Key("key", { services: ["logs"], keep: false });
const common = {
  engine: "bedrock",
  region,
  keyArn: key.arn,
  alarmTopicArn: "arn:aws:sns:us-east-1:111111111111:alarms",
  logRetentionDays: 30,
  keep: false,
} as const;

// By the hour until it is deleted: to try what a unit carries, before a term is bought.
const model = "amazon.nova-lite-v1:0:24k";
const trial = new GenAiEndpoint("trial", {
  ...common,
  bedrock: {
    model,
    // A unit's price is each account's own: ask AWS.
    capacity: {
      provisioned: {
        units: 1,
        commitment: "none",
        unitUsdPerHour: 20,
        acknowledge: "1 x amazon.nova-lite-v1:0:24k, none",
      },
    },
  },
});

// Bought on 1 December for six months. The plan says what that costs in all, and that it ends on 1 June. It is protected and
// stays in the account although `keep` is false; more units are another endpoint beside it.
const assistant = new GenAiEndpoint("assistant", {
  ...common,
  bedrock: {
    model,
    capacity: {
      provisioned: {
        units: 2,
        commitment: "sixMonths",
        unitUsdPerHour: 12,
        acknowledge: "2 x amazon.nova-lite-v1:0:24k, sixMonths",
        boughtOn: "2026-12-01",
      },
    },
  },
});

// What a service takes: `uses: [assistant.invoke]`; it cannot tell reserved capacity from what is paid by the token.
export const modelArns = [trial.modelArn, assistant.modelArn];

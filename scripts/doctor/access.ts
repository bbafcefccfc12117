import { ok, wrong, type Finding } from "./finding";
import type { Check, Patient } from "./patient";

/** Runs before every other check that needs the account. */
export const account: Check = {
  name: "account",
  looksAt: "whether the credentials are of the stack's account",
  needs: { account: true },
  run: async ({ aws, place }) => {
    const given = await aws.account();
    if (given === place.account) return [ok(`the credentials are of account ${given}`)];
    return [
      wrong(
        `the credentials are of account ${given}, and Pulumi.${place.stack}.yaml is for ${place.account}`,
        `take credentials of ${place.account}; nothing else of the account was looked at`,
      ),
    ];
  },
};

/** Bucket and key without which Pulumi can read nothing. */
export const state: Check = {
  name: "state",
  looksAt: "whether the state's bucket is there, and its key can be used",
  needs: { account: true },
  run: async (patient) => [await bucketOf(patient), ...(await keyOf(patient))],
};

async function bucketOf({ aws, place, backend }: Patient): Promise<Finding> {
  const [, bucket] = /^s3:\/\/([^/?]+)/.exec(backend) ?? [];
  if (bucket === undefined) return ok(`the state is at ${backend}, which is looked at by Pulumi alone`);
  if (await aws.hasBucket(bucket, place.account)) return ok(`bucket ${bucket} is there`);
  return wrong(`account ${place.account} has no bucket ${bucket}`, bringUp(place.stack));
}

async function keyOf({ aws, place, file }: Patient): Promise<Finding[]> {
  const provider = file.value(["secretsprovider"]);
  const [, key, query = ""] = /^awskms:\/\/\/?([^?]+)\??(.*)$/.exec(String(provider)) ?? [];
  if (key === undefined) return [ok(`secrets are kept by ${String(provider)}, which is no key of this account`)];
  const region = new URLSearchParams(query).get("region") ?? place.region;
  const fault = await aws.keyFault(key, region);
  if (fault === undefined) return [ok(`${key} in ${region} encrypts`)];
  return [wrong(`${key} in ${region}: ${fault}`, bringUp(place.stack))];
}

/** What the account stack makes, it makes again where it is missing. */
export function bringUp(stack: string): string {
  return `bring up the account: npm run bootstrap -- ${stack}`;
}

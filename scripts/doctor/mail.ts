import { ok, open, wrong } from "./finding";
import type { Check } from "./patient";

/** AWS: SNS developer guide, "Email notifications": the receiver has to follow the link in a message. */
export const receivers: Check = {
  name: "receivers",
  looksAt: "whether those who hear of alarms have said that they want to",
  needs: { account: true, plan: true },
  run: async ({ aws, wants }) => {
    const regions = [...new Set(wants.receivers.map(({ region }) => region))];
    const there = new Map(
      await Promise.all(regions.map(async (region) => [region, await aws.subscriptions(region)] as const)),
    );
    if (wants.receivers.length === 0) return [ok("nobody is written to")];
    return wants.receivers.map(({ address, region }) => {
      const theirs = (there.get(region) ?? []).filter(
        ({ protocol, endpoint }) => protocol === "email" && endpoint === address,
      );
      const who = `${address} (topic in ${region})`;
      if (theirs.length === 0) {
        return open(`${who} is not asked yet`, "the next update asks; confirm what arrives then");
      }
      if (theirs.every(({ confirmed }) => confirmed)) return ok(`${who} has confirmed`);
      return open(`${who} has not confirmed`, "follow the link in AWS's message; without it no alarm arrives");
    });
  },
};

/** AWS: SES developer guide, "Request production access": in the sandbox it writes to confirmed addresses alone. */
export const mail: Check = {
  name: "mail",
  looksAt: "whether SES may write to everybody, where users are sent mail",
  needs: { account: true, plan: true },
  run: async ({ aws, wants, place }) => {
    if (wants.senders.length === 0) return [ok("the stack sends no mail by SES")];
    const { production, enabled, standing } = await aws.mail();
    if (!enabled || standing === "SHUTDOWN") {
      return [wrong("SES sends nothing for this account", "look at Amazon SES, Account dashboard, for the reason")];
    }
    if (production) return [ok(`SES is out of its sandbox (${standing.toLowerCase()})`)];
    return [
      open(
        "SES is in its sandbox: users get no message",
        `ask for production access in ${place.region}: Amazon SES, Account dashboard; it takes AWS about a day`,
      ),
    ];
  },
};

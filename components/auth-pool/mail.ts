import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { AuthPoolNodes } from "./nodes";
import type { Settled } from "./settle";

type MailNodes = Pick<AuthPoolNodes, "identity" | "dkimRecords" | "identityVerification">;

export interface Mail extends MailNodes {
  /** ARN of the identity that is ready to send; undefined with Cognito's own mailer. */
  readonly identityArn: pulumi.Input<string> | undefined;
}

/** The SES identity of the login domain, proven by its DKIM records. */
export function createMail(parent: pulumi.Resource, s: Settled): Mail {
  const transform = s.args.transform ?? {};
  const domain = s.email?.ownIdentity;
  if (domain === undefined) {
    const none = { identity: undefined, dkimRecords: [], identityVerification: undefined };
    return { ...none, identityArn: s.email?.identityArn };
  }
  // AWS: SES signs with 2048 bits unless told otherwise.
  const identity = new aws.sesv2.EmailIdentity(
    `${s.name}-identity`,
    override<aws.sesv2.EmailIdentityArgs>({ emailIdentity: domain.name }, transform.identity),
    { parent },
  );
  // AWS: SES developer guide, "Easy DKIM": always three tokens.
  const dkimRecords = [0, 1, 2].map((index) => {
    const token = identity.dkimSigningAttributes.tokens.apply((tokens) => tokens[index] ?? "");
    return new aws.route53.Record(
      `${s.name}-dkim-${index}`,
      override<aws.route53.RecordArgs>(
        {
          zoneId: domain.zoneId,
          name: pulumi.interpolate`${token}._domainkey.${domain.name}`,
          type: "CNAME",
          records: [pulumi.interpolate`${token}.dkim.amazonses.com`],
          ttl: 300,
        },
        transform.dkimRecords,
      ),
      { parent },
    );
  });
  // Cognito refuses an identity that SES has not proven yet.
  const identityVerification = new aws.ses.DomainIdentityVerification(
    `${s.name}-identity-verified`,
    override<aws.ses.DomainIdentityVerificationArgs>(
      { domain: identity.emailIdentity },
      transform.identityVerification,
    ),
    { parent, dependsOn: dkimRecords },
  );
  return { identity, dkimRecords, identityVerification, identityArn: identityVerification.arn };
}

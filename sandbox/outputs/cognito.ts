import { type Context, type Made, type Makers } from "./context";

// ARN format: AWS Service Authorization Reference, "Amazon Simple Email Service v2"; ids: pulumi-aws, "Import" of each type.

/** CloudFront serves a custom domain; a prefix is Cognito's own. Z2FDTNDATAQYW2 is the zone of every distribution. */
function userPoolDomain(c: Context): Made {
  const custom = c.text("certificateArn") !== undefined;
  const distribution = custom ? `d${c.lower(13)}.cloudfront.net` : "";
  return {
    id: c.name("domain"),
    outputs: {
      awsAccountId: c.account,
      cloudfrontDistribution: distribution,
      cloudfrontDistributionArn: distribution,
      cloudfrontDistributionZoneId: "Z2FDTNDATAQYW2",
    },
  };
}

function emailIdentity(c: Context): Made {
  const identity = c.name("emailIdentity");
  // Easy DKIM: three tokens of 32 characters (SES API v2 reference, DkimAttributes).
  const tokens = [0, 1, 2].map((index) => c.lower(32, `dkim ${index}`));
  return {
    id: identity,
    outputs: {
      arn: c.arn("ses", `identity/${identity}`),
      identityType: "DOMAIN",
      verificationStatus: "PENDING",
      verifiedForSendingStatus: false,
      dkimSigningAttributes: { signingAttributesOrigin: "AWS_SES", status: "PENDING", tokens },
    },
  };
}

function domainIdentityVerification(c: Context): Made {
  const domain = c.name("domain");
  return { id: domain, outputs: { arn: c.arn("ses", `identity/${domain}`) } };
}

const inPool = (c: Context, property: string, separator: string): Made => ({
  id: `${c.text("userPoolId") ?? ""}${separator}${c.name(property)}`,
  outputs: {},
});

export const cognito: Makers = {
  "cognito/userPoolDomain": userPoolDomain,
  "cognito/userGroup": (c) => inPool(c, "name", "/"),
  "cognito/identityProvider": (c) => inPool(c, "providerName", ":"),
  "cognito/resourceServer": (c) => inPool(c, "identifier", "|"),
  "sesv2/emailIdentity": emailIdentity,
  "ses/domainIdentityVerification": domainIdentityVerification,
};

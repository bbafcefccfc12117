import type * as aws from "@pulumi/aws";

import type { Certificate, CertificateTransform } from "../certificate/certificate";
import type { Override } from "../shared/override";

type ByKey<T> = Readonly<Record<string, T>>;

/** The raw children of an AuthPool. Those that a setting leaves out are undefined, lists and records are empty. */
export interface AuthPoolNodes {
  readonly identity: aws.sesv2.EmailIdentity | undefined;
  readonly dkimRecords: readonly aws.route53.Record[];
  readonly identityVerification: aws.ses.DomainIdentityVerification | undefined;
  readonly pool: aws.cognito.UserPool;
  readonly riskConfiguration: aws.cognito.RiskConfiguration | undefined;
  /** By trigger. */
  readonly triggerPermissions: ByKey<aws.lambda.Permission>;
  readonly certificate: Certificate | undefined;
  readonly domain: aws.cognito.UserPoolDomain;
  readonly domainRecord: aws.route53.Record | undefined;
  readonly groups: ByKey<aws.cognito.UserGroup>;
  readonly resourceServers: ByKey<aws.cognito.ResourceServer>;
  readonly providers: ByKey<aws.cognito.IdentityProvider>;
  readonly clients: ByKey<aws.cognito.UserPoolClient>;
  /** By client; those with a secret. */
  readonly clientSecrets: ByKey<aws.secretsmanager.Secret>;
  readonly clientSecretValues: ByKey<aws.secretsmanager.SecretVersion>;
  /** By client; those that show login pages. */
  readonly brandings: ByKey<aws.cognito.ManagedLoginBranding>;
}

/** Last word on the arguments of each child; for several of a kind, applied to each. */
export interface AuthPoolTransform {
  readonly identity?: Override<aws.sesv2.EmailIdentityArgs>;
  readonly dkimRecords?: Override<aws.route53.RecordArgs>;
  readonly identityVerification?: Override<aws.ses.DomainIdentityVerificationArgs>;
  readonly pool?: Override<aws.cognito.UserPoolArgs>;
  readonly riskConfiguration?: Override<aws.cognito.RiskConfigurationArgs>;
  readonly triggerPermissions?: Override<aws.lambda.PermissionArgs>;
  /** Reaches the certificate's own children. */
  readonly certificate?: CertificateTransform;
  readonly domain?: Override<aws.cognito.UserPoolDomainArgs>;
  readonly domainRecord?: Override<aws.route53.RecordArgs>;
  readonly groups?: Override<aws.cognito.UserGroupArgs>;
  readonly resourceServers?: Override<aws.cognito.ResourceServerArgs>;
  readonly providers?: Override<aws.cognito.IdentityProviderArgs>;
  readonly clients?: Override<aws.cognito.UserPoolClientArgs>;
  readonly clientSecrets?: Override<aws.secretsmanager.SecretArgs>;
  readonly clientSecretValues?: Override<aws.secretsmanager.SecretVersionArgs>;
  readonly brandings?: Override<aws.cognito.ManagedLoginBrandingArgs>;
}

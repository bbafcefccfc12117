import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Cognito's feature plan. LITE has the classic pages, no passkeys and no password history; PLUS adds threat protection. */
export type PoolTier = "LITE" | "ESSENTIALS" | "PLUS";

/** The login pages' own name. */
export interface LoginDomain {
  /** Such as `auth.example.com`. Its parent (`example.com`) must have an A record: Cognito refuses the name without one. */
  readonly name: string;
  /** Route 53 zone of the name. */
  readonly zoneId: pulumi.Input<string>;
  /** The parent's records, when this program makes them: the login domain waits for them. @default none */
  readonly parentRecords?: readonly pulumi.Resource[];
}

/** Mail through SES. */
export interface PoolEmail {
  /** `no-reply@example.com` or `Example <no-reply@example.com>`. @default "no-reply@<domain.name>" */
  readonly from?: string;
  /** Where answers go. @default the sender */
  readonly replyTo?: string;
  /** ARN of a verified SES identity in the pool's region. @default one is made for the login domain */
  readonly identityArn?: pulumi.Input<string>;
}

export interface PasswordPolicy {
  /** Characters, 8 to 99. @default 12 */
  readonly minimumLength?: number;
  /** Whether a password needs a lower-case and an upper-case letter, a digit and a symbol. @default true */
  readonly mixedCharacters?: boolean;
  /** Earlier passwords that cannot be used again, 0 to 24; LITE has none. @default 5, with LITE 0 */
  readonly history?: number;
  /** Days until an invitation's password expires, 1 to 365. @default 7 */
  readonly temporaryDays?: number;
}

interface AttributeBase {
  /** Whether a user's value may change after it was set. @default true */
  readonly mutable?: boolean;
}

export interface StringAttribute extends AttributeBase {
  readonly type: "string";
  /** Characters, 0 to 2048. */
  readonly minLength: number;
  /** Characters, 0 to 2048. */
  readonly maxLength: number;
}

export interface NumberAttribute extends AttributeBase {
  readonly type: "number";
  /** The smallest value, a whole number. */
  readonly min: number;
  /** The largest value, a whole number. */
  readonly max: number;
}

export interface PlainAttribute extends AttributeBase {
  readonly type: "boolean" | "dateTime";
}

/** A custom attribute, with bounds where the type has any. AWS neither changes nor removes one. */
export type PoolAttribute = StringAttribute | NumberAttribute | PlainAttribute;

/** What is decided when a pool is created: plain data, to be committed and given back as `recorded`. */
export interface PoolRecord {
  /** What users sign in with. */
  readonly signInAttributes: readonly string[];
  /** Whether user names differ by case. */
  readonly caseSensitive: boolean;
  /** The name that passkeys are bound to. Absent: the pool had no passkeys. */
  readonly relyingPartyId?: string;
  /** The custom attributes, by name without `custom:`. */
  readonly attributes: Readonly<Record<string, PoolAttribute>>;
}

interface UserClient {
  /** Where the browser returns to with the code: `https://`, or `http://` on this very machine. */
  readonly callbackUrls: readonly pulumi.Input<string>[];
  /** Where the browser returns to after signing out. @default none */
  readonly logoutUrls?: readonly pulumi.Input<string>[];
  /** OIDC scopes, and `<resource server's identifier>/<scope>`. @default ["openid", "email", "profile"] */
  readonly scopes?: readonly string[];
  /** Who can be signed in with: keys of `providers`, and `cognito` for the pool's own users. @default cognito and all */
  readonly providers?: readonly string[];
  /** Life of an access token, in minutes, 5 to 1440. @default 15 */
  readonly accessTokenMinutes?: number;
  /** Life of an ID token, in minutes, 5 to 1440. @default 15 */
  readonly idTokenMinutes?: number;
  /** Life of a sign-in, in days, 1 to 3650: rotation does not lengthen it. @default 30 */
  readonly refreshTokenDays?: number;
}

/** A browser or a mobile app: no secret, so its sign-in rests on PKCE. */
export interface SpaClient extends UserClient {
  readonly preset: "spa";
}

/** A server that signs users in: its secret goes to Secrets Manager. */
export interface ServerClient extends UserClient {
  readonly preset: "server";
}

/** A program without a user: client credentials, for scopes of the pool's resource servers. */
export interface MachineClient {
  readonly preset: "machine";
  /** `<resource server's identifier>/<scope>`, at least one. */
  readonly scopes: readonly string[];
  /** Life of an access token, in minutes, 5 to 1440. @default 15 */
  readonly accessTokenMinutes?: number;
}

export type PoolClient = SpaClient | ServerClient | MachineClient;

export interface PoolGroup {
  /** Shown in the console. @default none */
  readonly description?: string;
  /** Which group's role wins: the lowest. @default none */
  readonly precedence?: number;
  /** Role that an identity pool gives to the members. @default none */
  readonly roleArn?: pulumi.Input<string>;
}

export interface ResourceServer {
  /** What stands before the slash in a scope. @default the key */
  readonly identifier?: string;
  /** Descriptions by the scope's name. */
  readonly scopes: Readonly<Record<string, string>>;
}

interface FederatedProvider {
  /** Claims by the pool's attribute, such as `{ email: "email", "custom:team": "team" }`. @default email, and the provider's id of the user */
  readonly attributes?: Readonly<Record<string, string>>;
}

interface SecretProvider extends FederatedProvider {
  /** ID of the app that was registered with the provider. */
  readonly clientId: pulumi.Input<string>;
  /** Secret of Secrets Manager whose whole value is the client secret. */
  readonly clientSecretArn: pulumi.Input<string>;
  /** Scopes that are asked for. @default what it takes to learn the e-mail address */
  readonly scopes?: readonly string[];
}

export interface OidcProvider extends SecretProvider {
  readonly type: "oidc";
  /** Issuer, `https://`; the other addresses are found from it. */
  readonly issuer: string;
}

export interface SocialProvider extends SecretProvider {
  readonly type: "google" | "facebook" | "amazon";
}

export interface AppleProvider extends FederatedProvider {
  readonly type: "apple";
  /** The services ID. */
  readonly clientId: pulumi.Input<string>;
  /** ID of the developer team. */
  readonly teamId: pulumi.Input<string>;
  /** ID of the private key. */
  readonly keyId: pulumi.Input<string>;
  /** Secret of Secrets Manager whose whole value is the private key. */
  readonly privateKeySecretArn: pulumi.Input<string>;
  /** Scopes that are asked for. @default ["email", "name"] */
  readonly scopes?: readonly string[];
}

export interface SamlProvider extends FederatedProvider {
  readonly type: "saml";
  /** Address of the metadata: then Cognito follows a new certificate by itself. One of this and `metadataXml`. @default none */
  readonly metadataUrl?: string;
  /** The metadata itself. @default none */
  readonly metadataXml?: pulumi.Input<string>;
  /** Domains of e-mail addresses that lead to this provider. @default none */
  readonly identifiers?: readonly string[];
  /** Whether signing out here signs out there too; the provider needs Cognito's certificate for it. @default false */
  readonly signOut?: boolean;
}

export type PoolProvider = OidcProvider | SocialProvider | AppleProvider | SamlProvider;

/** ARNs of Lambda functions by the moment that they are called at. */
export interface PoolTriggers {
  /** Before a user is made: may refuse or confirm. @default none */
  readonly preSignUp?: pulumi.Input<string>;
  /** After a user has confirmed the address. @default none */
  readonly postConfirmation?: pulumi.Input<string>;
  /** Before a sign-in: may refuse. @default none */
  readonly preAuthentication?: pulumi.Input<string>;
  /** After a sign-in. @default none */
  readonly postAuthentication?: pulumi.Input<string>;
  /** Writes the texts of the mails. @default none */
  readonly customMessage?: pulumi.Input<string>;
  /** Brings users over from an older directory as they sign in. @default none */
  readonly userMigration?: pulumi.Input<string>;
  /** Decides which custom challenge comes next; the three of a custom challenge come together. @default none */
  readonly defineAuthChallenge?: pulumi.Input<string>;
  /** Makes the custom challenge. @default none */
  readonly createAuthChallenge?: pulumi.Input<string>;
  /** Judges the answer to the custom challenge. @default none */
  readonly verifyAuthChallengeResponse?: pulumi.Input<string>;
  /** Sends the mails instead of Cognito; its codes are encrypted with `keyArn`. @default none */
  readonly customEmailSender?: pulumi.Input<string>;
  /** Changes what stands in tokens. @default none */
  readonly preTokenGeneration?: {
    /** ARN of the function. */
    readonly functionArn: pulumi.Input<string>;
    /** Event that the function knows: V1_0 ID tokens alone (LITE), V2_0 access tokens too, V3_0 machines too. @default "V2_0", with LITE "V1_0" */
    readonly version?: "V1_0" | "V2_0" | "V3_0";
  };
}

/** How the login pages look. */
export interface LoginBranding {
  /** Settings as the console's branding editor exports them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Images, in Base64. @default none */
  readonly assets?: readonly aws.types.input.cognito.ManagedLoginBrandingAsset[];
}

/** What an API needs to check a token. */
export interface JwtConfiguration {
  /** `iss` of every token. */
  readonly issuer: pulumi.Output<string>;
  /** Public keys of the tokens' signatures. */
  readonly jwksUrl: pulumi.Output<string>;
  /** IDs of the clients: `aud` of an ID token, `client_id` of an access token. */
  readonly audience: pulumi.Output<string[]>;
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { boundaryPolicy } from "./boundary";
import { check } from "./check";
import { deployRights, deployServicePolicies } from "./deploy";
import type { Place } from "./place";
import { previewRights } from "./preview";
import { pushRights, siteRights } from "./releases";
import { audience, contextsOf, issuer, subjectsOf, trustPolicy } from "./trust";
import type { DeployRolesNodes, DeployRolesTransform, Purpose, Repository, StatePlace, SubjectForm } from "./types";

export type * from "./types";

/** What DeployRoles are made of. */
export interface DeployRolesArgs {
  /** The repository whose workflows assume the roles; no other ever does, whatever it is called. */
  repository: Repository;
  /** The stack's name: its deployments run in the GitHub environment of that name. */
  environment: string;
  /**
   * From where a preview may be run: any pull request of the repository, or only jobs in the GitHub environment
   * `<environment>-preview`, which then needs a reviewer, since a preview runs the branch's code.
   */
  previewFrom: "pullRequests" | "reviewedEnvironment";
  /** The stack's Pulumi state. */
  state: StatePlace;
  /** How the repository may be written in a token. @default names, and ids where they are given */
  subjects?: SubjectForm[];
  /** Branch whose commits are built and whose nightly runs look for drift. @default main */
  branch?: string;
  /** ARN of the account's OIDC provider for GitHub, of which there is one. @default makes it */
  providerArn?: pulumi.Input<string>;
  /** First part of the roles' names, which workflows know: `<prefix>-deploy`. @default kiban */
  prefix?: string;
  /** Names of the buckets that hold the sites' files; `*` for what differs. @default ["site-bucket-*"] */
  siteBuckets?: string[];
  /**
   * Names of roles, beside these, that no deployment may change or pass on.
   * @default ["OrganizationAccountAccessRole", "AWSControlTowerExecution"]
   */
  guardedRoles?: string[];
  /** Last say on each child's arguments. */
  transform?: DeployRolesTransform;
}

const purposes = ["preview", "deploy", "push", "site"] as const;

/** Each session ends after an hour; IAM knows no shorter limit for a role. */
const sessionSeconds = 3600;

/**
 * What GitHub Actions may do in an account: one role for each purpose, assumed with GitHub's own tokens and no key, each
 * bound to the repository and to the occasion, all within one permissions boundary.
 */
export class DeployRoles extends pulumi.ComponentResource {
  /** ARN of the OIDC provider, made or adopted. */
  public readonly providerArn: pulumi.Output<string>;
  /** ARN of the boundary that every role made by a deployment has to carry. */
  public readonly boundaryArn: pulumi.Output<string>;
  /** ARN of each role, by its purpose. */
  public readonly roleArns: Readonly<Record<Purpose, pulumi.Output<string>>>;
  /** The resources themselves. */
  public readonly nodes: DeployRolesNodes;

  constructor(name: string, args: DeployRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { repository, environment, previewFrom, state, transform = {} } = args;
    const withIds = repository.ownerId !== undefined;
    const subjects: readonly SubjectForm[] = args.subjects ?? (withIds ? ["names", "ids"] : ["names"]);
    const occasions = { environment, previewFrom, branch: args.branch ?? "main" };
    const prefix = args.prefix ?? "kiban";
    const siteBuckets = args.siteBuckets ?? ["site-bucket-*"];
    const guardedRoles = args.guardedRoles ?? ["OrganizationAccountAccessRole", "AWSControlTowerExecution"];
    check(name, args);
    super("kiban:index:DeployRoles", name, {}, opts);

    const parent = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, parent);
    const { partition } = aws.getPartitionOutput({}, parent);
    const place = { accountId, partition, region: aws.getRegionOutput({}, parent).region, state, siteBuckets };
    const provider = args.providerArn === undefined ? createProvider(parent, name, transform) : undefined;
    const providerArn = pulumi.output(args.providerArn ?? provider?.arn ?? "");
    const boundary = new aws.iam.Policy(
      `${name}-boundary`,
      override<aws.iam.PolicyArgs>(
        {
          name: prefix,
          path: "/boundary/",
          description: "The most that deployments, and the roles that they make, can do",
          policy: boundaryPolicy({
            accountId,
            partition,
            state,
            boundary: `/boundary/${prefix}`,
            roles: [...purposes.map((purpose) => `${prefix}-${purpose}`), ...guardedRoles],
          }),
        },
        transform.boundary,
      ),
      parent,
    );
    const role = (purpose: Purpose): aws.iam.Role =>
      new aws.iam.Role(
        `${name}-${purpose}-role`,
        override<aws.iam.RoleArgs>(
          {
            name: `${prefix}-${purpose}`,
            description: descriptions[purpose],
            assumeRolePolicy: trustPolicy(
              providerArn,
              subjectsOf(repository, subjects, contextsOf(purpose, occasions)),
            ),
            maxSessionDuration: sessionSeconds,
            permissionsBoundary: boundary.arn,
          },
          transform.roles?.[purpose],
        ),
        parent,
      );
    const roles = { preview: role("preview"), deploy: role("deploy"), push: role("push"), site: role("site") };

    this.providerArn = providerArn;
    this.boundaryArn = boundary.arn;
    this.roleArns = byPurpose((purpose) => roles[purpose].arn);
    this.nodes = { provider, boundary, roles, ...createRights(parent, name, roles, { ...place, boundary, transform }) };
    this.registerOutputs({ providerArn: this.providerArn, boundaryArn: this.boundaryArn, roleArns: this.roleArns });
  }
}

const descriptions: Readonly<Record<Purpose, string>> = {
  preview: "Previews of pull requests, and the search for drift: reads how things are set up, and no data",
  deploy: "Deployments of the stack, from its GitHub environment",
  push: "Builds: pushes images, and pulls them to promote",
  site: "Releases of static sites: uploads files and switches to them",
};

function byPurpose<T>(make: (purpose: Purpose) => T): Readonly<Record<Purpose, T>> {
  return { preview: make("preview"), deploy: make("deploy"), push: make("push"), site: make("site") };
}

/** Without a thumbprint: AWS checks GitHub's certificate against its own authorities, and would not look at one. */
function createProvider(
  parent: pulumi.CustomResourceOptions,
  name: string,
  transform: DeployRolesTransform,
): aws.iam.OpenIdConnectProvider {
  return new aws.iam.OpenIdConnectProvider(
    `${name}-provider`,
    override<aws.iam.OpenIdConnectProviderArgs>(
      { url: `https://${issuer}`, clientIdLists: [audience] },
      transform.provider,
    ),
    parent,
  );
}

type RightsArgs = Place & {
  readonly boundary: aws.iam.Policy;
  readonly transform: DeployRolesTransform;
};

/** What each role may do, within the boundary. */
function createRights(
  parent: pulumi.CustomResourceOptions,
  name: string,
  roles: DeployRolesNodes["roles"],
  { boundary, transform, ...place }: RightsArgs,
): Omit<DeployRolesNodes, "provider" | "boundary" | "roles"> {
  const policies = {
    preview: previewRights(place),
    deploy: deployRights({ ...place, boundaryArn: boundary.arn }),
    push: pushRights(place),
    site: siteRights(place),
  };
  const rights = byPurpose(
    (purpose) =>
      new aws.iam.RolePolicy(
        `${name}-${purpose}-rights`,
        override<aws.iam.RolePolicyArgs>(
          { role: roles[purpose].name, policy: policies[purpose] },
          transform.rights?.[purpose],
        ),
        parent,
      ),
  );
  const attach = (
    child: string,
    role: aws.iam.Role,
    policyArn: pulumi.Input<string>,
    by: DeployRolesTransform["deployAttachments"],
  ): aws.iam.RolePolicyAttachment =>
    new aws.iam.RolePolicyAttachment(
      `${name}-${child}`,
      override<aws.iam.RolePolicyAttachmentArgs>({ role: role.name, policyArn }, by),
      parent,
    );
  const deployServices = deployServicePolicies().map(
    (policy, i) =>
      new aws.iam.Policy(
        `${name}-deploy-services-${i + 1}`,
        override<aws.iam.PolicyArgs>(
          { description: "What a deployment may change, by service", policy },
          transform.deployServices,
        ),
        parent,
      ),
  );
  const deployAttachments = deployServices.map((policy, i) =>
    attach(`deploy-services-${i + 1}-attachment`, roles.deploy, policy.arn, transform.deployAttachments),
  );
  const readOnly = pulumi.interpolate`arn:${place.partition}:iam::aws:policy/ReadOnlyAccess`;
  const readers = {
    preview: attach("preview-reader", roles.preview, readOnly, transform.readers?.preview),
    deploy: attach("deploy-reader", roles.deploy, readOnly, transform.readers?.deploy),
  };
  return { rights, deployServices, deployAttachments, readers };
}

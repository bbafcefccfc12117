import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type Access } from "../shared/access";
import { Faults } from "../shared/check";
import { override, type Override } from "../shared/override";
import { imageLifecycle } from "./lifecycle";

/** What an ImageRepository is made of. */
export interface ImageRepositoryArgs {
  /** ARN of the key that encrypts the images; changing it replaces the repository. */
  keyArn: pulumi.Input<string>;
  /** Protects the repository from deletion. Without it, destroying the stack deletes the images too. */
  keep: boolean;
  /** Tagged images to keep, the newest ones: how far back a rollback can go. @default 50 */
  keepImages?: number;
  /** Days until an untagged image expires. @default 7 */
  untaggedDays?: number;
  /** Last say on each child's arguments. */
  transform?: ImageRepositoryTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface ImageRepositoryTransform {
  repository?: Override<aws.ecr.RepositoryArgs>;
  lifecycle?: Override<aws.ecr.LifecyclePolicyArgs>;
}

/**
 * A container image repository whose tags never move: an image is named by its git SHA, scanned when pushed, and expires
 * when enough newer ones are there. Who may pull and push is offered as access values.
 */
export class ImageRepository extends pulumi.ComponentResource {
  /** Address to pull from and push to, without a tag. */
  public readonly url: pulumi.Output<string>;
  /** ARN of the repository. */
  public readonly arn: pulumi.Output<string>;
  /** Name of the repository. */
  public readonly repositoryName: pulumi.Output<string>;
  /** Pull images: for a task's execution role. Sets `URL`. */
  public readonly pull: Access;
  /** Push and pull images: for a build. Sets `URL`. */
  public readonly push: Access;
  /** The resources themselves. */
  public readonly nodes: {
    readonly repository: aws.ecr.Repository;
    readonly lifecycle: aws.ecr.LifecyclePolicy;
  };

  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { keyArn, keep, transform } = args;
    const keepImages = args.keepImages ?? 50;
    const untaggedDays = args.untaggedDays ?? 7;
    check(name, { keepImages, untaggedDays });
    super("kiban:index:ImageRepository", name, {}, opts);

    const repository = new aws.ecr.Repository(
      `${name}-repository`,
      override<aws.ecr.RepositoryArgs>(
        {
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyArn }],
          forceDelete: !keep,
        },
        transform?.repository,
      ),
      { parent: this, protect: keep },
    );
    const lifecycle = new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      override<aws.ecr.LifecyclePolicyArgs>(
        { repository: repository.name, policy: imageLifecycle({ keepImages, untaggedDays }) },
        transform?.lifecycle,
      ),
      { parent: this },
    );

    this.url = repository.repositoryUrl;
    this.arn = repository.arn;
    this.repositoryName = repository.name;
    const env = { URL: this.url };
    this.pull = { name, env, statements: statements(this.arn, pullActions) };
    this.push = { name, env, statements: statements(this.arn, [...pullActions, ...pushActions]) };
    this.nodes = { repository, lifecycle };
    this.registerOutputs({ url: this.url, arn: this.arn, repositoryName: this.repositoryName });
  }
}

function check(name: string, counts: { keepImages: number; untaggedDays: number }): void {
  const faults = new Faults("ImageRepository", name);
  // The name prefixes the variables of the accesses.
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    faults.add("name", name, "kebab-case, such as api-images", "rename the component");
  }
  for (const [path, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 1) {
      faults.add(path, count, "a whole number from 1", "set how many");
    }
  }
  faults.raise();
}

/** AWS: ECR user guide, "Pulling an image": what `docker pull` and the ECS agent call. */
const pullActions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** AWS: ECR user guide, "IAM permissions for pushing an image"; DescribeImages tells a build that its SHA is there already. */
const pushActions = [
  "ecr:CompleteLayerUpload",
  "ecr:DescribeImages",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/** No rights on the key: ECR decrypts by its own grants (AWS: ECR user guide, "Encryption at rest"). */
function statements(repositoryArn: pulumi.Input<string>, actions: string[]): aws.iam.PolicyStatement[] {
  return [
    { Effect: "Allow", Action: actions, Resource: repositoryArn },
    {
      Effect: "Allow",
      Action: "ecr:GetAuthorizationToken",
      Resource: "*", // The token is for the whole registry; the action knows no resource.
    },
  ];
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { override } from "../shared/override";
import { assumableBy } from "../shared/policy-document";
import type { SettledKnowledge } from "./knowledge-rules";
import type { ModelArns } from "./model";
import type { KnowledgeNodes } from "./nodes";
import type { Settled } from "./settle";

/** What the knowledge base offers. */
interface MadeKnowledge {
  readonly retrieve: Access;
  readonly ingestCommand: pulumi.Output<string>;
  readonly nodes: KnowledgeNodes;
}

/** Vectors of the lake's documents in S3, and the knowledge base that finds them. */
export function createKnowledge(
  parent: pulumi.Resource,
  s: Settled,
  arns: ModelArns,
  knowledge: SettledKnowledge,
): MadeKnowledge {
  const { name, args } = s;
  const { transform = {} } = args;
  const opts = { parent };
  const vectors = createVectors(parent, s, knowledge);
  const role = createRole(parent, s, arns, knowledge, vectors.vectorIndex);
  const knowledgeBase = new aws.bedrock.AgentKnowledgeBase(
    `${name}-knowledge`,
    override<aws.bedrock.AgentKnowledgeBaseArgs>(
      {
        description: `What ${name} may look up`,
        roleArn: role.knowledgeRole.arn,
        knowledgeBaseConfiguration: {
          type: "VECTOR",
          vectorKnowledgeBaseConfiguration: {
            embeddingModelArn: embeddingArn(s, arns, knowledge),
            embeddingModelConfiguration: {
              bedrockEmbeddingModelConfiguration: { dimensions: knowledge.dimensions, embeddingDataType: "FLOAT32" },
            },
          },
        },
        storageConfiguration: {
          type: "S3_VECTORS",
          s3VectorsConfiguration: { indexArn: vectors.vectorIndex.indexArn },
        },
      },
      transform.knowledgeBase,
    ),
    // Bedrock tries the role on the index when the knowledge base is made.
    { ...opts, dependsOn: [role.knowledgeRights] },
  );
  const dataSource = new aws.bedrock.AgentDataSource(
    `${name}-documents`,
    override<aws.bedrock.AgentDataSourceArgs>(
      {
        knowledgeBaseId: knowledgeBase.id,
        dataSourceConfiguration: {
          type: "S3",
          s3Configuration: { bucketArn: knowledge.bucket.bucketArn, inclusionPrefixes: [knowledge.prefix] },
        },
        // The vectors go with their index. To delete them one by one Bedrock would need the role, which goes too.
        dataDeletionPolicy: "RETAIN",
        serverSideEncryptionConfiguration: { kmsKeyArn: args.keyArn },
      },
      transform.dataSource,
    ),
    opts,
  );
  return {
    // Never retrieve-and-generate: no condition on a guardrail covers the model that it asks.
    retrieve: {
      name,
      env: { KNOWLEDGE_BASE_ID: knowledgeBase.id },
      statements: [{ Effect: "Allow", Action: "bedrock:Retrieve", Resource: knowledgeBase.arn }],
    },
    ingestCommand: pulumi.interpolate`aws bedrock-agent start-ingestion-job --region ${args.region} --knowledge-base-id ${knowledgeBase.id} --data-source-id ${dataSource.dataSourceId}`,
    nodes: { ...vectors, ...role, knowledgeBase, dataSource },
  };
}

function createVectors(
  parent: pulumi.Resource,
  { name, args }: Settled,
  { embeddingModel, dimensions }: SettledKnowledge,
): Pick<KnowledgeNodes, "vectorBucket" | "vectorIndex"> {
  const { keep, keyArn, transform = {} } = args;
  // The provider names neither bucket nor index. Names are the account's own, so a fixed one is free.
  const vectorBucketName = `${pulumi.getProject()}-${pulumi.getStack()}-${name}`
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-");
  const vectorBucket = new aws.s3.VectorsVectorBucket(
    `${name}-vectors`,
    override<aws.s3.VectorsVectorBucketArgs>(
      {
        vectorBucketName: vectorBucketName.slice(0, 63).replace(/-$/, ""),
        encryptionConfigurations: [{ sseType: "aws:kms", kmsKeyArn: keyArn }],
        forceDestroy: !keep,
      },
      transform.vectorBucket,
    ),
    { parent, protect: keep, deleteBeforeReplace: true },
  );
  const vectorIndex = new aws.s3.VectorsIndex(
    `${name}-vector-index`,
    override<aws.s3.VectorsIndexArgs>(
      {
        vectorBucketName: vectorBucket.vectorBucketName,
        // Nothing of an index can change: another model or size makes one beside it, under another name.
        indexName: `${embeddingModel.replace(/[^a-z0-9]+/g, "-")}-${dimensions}`,
        dataType: "float32",
        dimension: dimensions,
        distanceMetric: "cosine",
        // Bedrock puts a document's text there. What can be filtered by may have 2 KB in all, and the first import would fail.
        metadataConfiguration: { nonFilterableMetadataKeys: ["AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"] },
      },
      transform.vectorIndex,
    ),
    { parent },
  );
  return { vectorBucket, vectorIndex };
}

function embeddingArn(
  { args }: Settled,
  { partition }: ModelArns,
  { embeddingModel }: SettledKnowledge,
): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:bedrock:${args.region}::foundation-model/${embeddingModel}`;
}

function createRole(
  parent: pulumi.Resource,
  s: Settled,
  arns: ModelArns,
  knowledge: SettledKnowledge,
  index: aws.s3.VectorsIndex,
): Pick<KnowledgeNodes, "knowledgeRole" | "knowledgeRights"> {
  const { name, args } = s;
  const { transform = {} } = args;
  const knowledgeBases = pulumi.interpolate`arn:${arns.partition}:bedrock:${args.region}:${arns.account}:knowledge-base/*`;
  const knowledgeRole = new aws.iam.Role(
    `${name}-knowledge-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: reads documents and keeps their vectors`,
        assumeRolePolicy: assumableBy("bedrock.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": arns.account },
          ArnLike: { "aws:SourceArn": knowledgeBases },
        }),
      },
      transform.knowledgeRole,
    ),
    { parent },
  );
  const knowledgeRights = new aws.iam.RolePolicy(
    `${name}-knowledge-rights`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: knowledgeRole.name,
        policy: { Version: "2012-10-17", Statement: statements(s, arns, knowledge, index) },
      },
      transform.knowledgeRights,
    ),
    { parent },
  );
  return { knowledgeRole, knowledgeRights };
}

/** AWS: Bedrock user guide, "Create a service role for Amazon Bedrock Knowledge Bases". */
function statements(
  s: Settled,
  arns: ModelArns,
  knowledge: SettledKnowledge,
  index: aws.s3.VectorsIndex,
): aws.iam.PolicyStatement[] {
  const { bucket, prefix } = knowledge;
  return [
    { Effect: "Allow", Action: "bedrock:InvokeModel", Resource: embeddingArn(s, arns, knowledge) },
    {
      Effect: "Allow",
      Action: ["DeleteVectors", "GetIndex", "GetVectors", "PutVectors", "QueryVectors"].map(
        (verb) => `s3vectors:${verb}`,
      ),
      Resource: index.indexArn,
    },
    {
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: bucket.bucketArn,
      Condition: { StringLike: { "s3:prefix": `${prefix}*` } },
    },
    { Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${bucket.bucketArn}/${prefix}*` },
    // Vectors, documents, and what an import keeps for a while: for the last AWS names no condition that would hold.
    { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: s.args.keyArn },
  ];
}

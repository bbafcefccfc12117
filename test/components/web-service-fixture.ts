import type { Access } from "../../components/shared/access";
import { WebService, type WebServiceArgs } from "../../components/web-service/web-service";
import { type Registration, type Run, run, type RunOptions } from "../harness";

export const sha = "0123456789abcdef0123456789abcdef01234567";

export const cluster = {
  arn: "arn:aws:ecs:ap-northeast-1:111111111111:cluster/main",
  name: "main",
  execStatements: [{ Effect: "Allow" as const, Action: "ssmmessages:CreateControlChannel", Resource: "*" }],
};

export const network = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  publicSubnetIds: ["subnet-0aaaaaaaaaaaaaaa1"],
  privateSubnetIds: ["subnet-0bbbbbbbbbbbbbbb1", "subnet-0bbbbbbbbbbbbbbb2"],
  isolatedSubnetIds: ["subnet-0ccccccccccccccc1"],
};

export const listener = {
  listenerArn: "arn:aws:elasticloadbalancing:ap-northeast-1:111111111111:listener/app/main/0123/4567",
  testListenerArn: "arn:aws:elasticloadbalancing:ap-northeast-1:111111111111:listener/app/main/0123/89ab",
  securityGroupId: "sg-0b0b0b0b0b0b0b0b0",
  arnSuffix: "app/main/0123456789abcdef",
};

export const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555";
export const alarmTopicArn = "arn:aws:sns:ap-northeast-1:111111111111:alarms";

const pull: Access = {
  name: "api-images",
  env: {},
  statements: [{ Effect: "Allow", Action: "ecr:BatchGetImage", Resource: "arn:aws:ecr:x:111111111111:repository/api" }],
};

/** The least that a worker needs. */
export function worker(more: Partial<WebServiceArgs> = {}): WebServiceArgs {
  return {
    cluster,
    network,
    keyArn,
    alarmTopicArn,
    image: {
      repository: { url: "111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/api", pull },
      tag: sha,
    },
    cpu: 256,
    memory: 512,
    logRetentionDays: 30,
    ...more,
  };
}

/** The least that a service behind the load balancer needs. */
export function web(more: Partial<WebServiceArgs> = {}): WebServiceArgs {
  return worker({ http: { listener, port: 8080, priority: 10 }, ...more });
}

/** One WebService in a program of its own. */
export function runService(name: string, args: WebServiceArgs, options?: RunOptions): Promise<Run> {
  return run(() => new WebService(name, args), options);
}

/** The first container of a registered task definition. */
export function container(task: Registration): Record<string, unknown> {
  const containers = JSON.parse(task.inputs["containerDefinitions"] as string) as Record<string, unknown>[];
  if (containers[0] === undefined) throw new Error("no container");
  return containers[0];
}

/** A policy as the program gave it, whether in wire form a document or JSON text. */
export function policy(registration: Registration, property = "policy"): unknown {
  const value = registration.inputs[property];
  return typeof value === "string" ? JSON.parse(value) : value;
}

/** An output that is text, such as a name or an ARN. */
export function output(registration: Registration, property: string): string {
  const value = registration.outputs[property];
  if (typeof value !== "string") throw new Error(`${registration.name} has no text as ${property}`);
  return value;
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { shiftsTraffic } from "./deployment";
import type { WebServiceNodes } from "./nodes";
import type { Settled } from "./settle";
import type { HttpArgs } from "./types";

type Rollout = Pick<WebServiceNodes, "blueTargetGroup" | "greenTargetGroup" | "productionRule" | "testRule">;

/**
 * Both target groups and the rules that lead to them. The second group is there for a rolling deployment too: it costs
 * nothing, and a change of strategy then changes the service alone.
 */
export function createRollout(parent: pulumi.Resource, s: Settled): Rollout {
  const { name, http } = s;
  if (http === undefined) {
    return { blueTargetGroup: undefined, greenTargetGroup: undefined, productionRule: undefined, testRule: undefined };
  }
  const transform = s.args.transform ?? {};
  const group = targetGroup(s, http);
  const blueTargetGroup = new aws.lb.TargetGroup(`${name}-blue`, override(group, transform.blueTargetGroup), {
    parent,
  });
  const greenTargetGroup = new aws.lb.TargetGroup(`${name}-green`, override(group, transform.greenTargetGroup), {
    parent,
  });

  const rule = (listenerArn: pulumi.Input<string>): aws.lb.ListenerRuleArgs => ({
    listenerArn,
    priority: http.priority,
    conditions: [
      ...(http.paths.length > 0 ? [{ pathPattern: { values: http.paths } }] : []),
      ...(http.hosts.length > 0 ? [{ hostHeader: { values: http.hosts } }] : []),
    ],
    actions: [
      {
        type: "forward",
        forward: {
          targetGroups: [
            { arn: blueTargetGroup.arn, weight: 100 },
            { arn: greenTargetGroup.arn, weight: 0 },
          ],
        },
      },
    ],
  });
  // From the first deployment on, the weights are ECS's: to set them again could send everyone to an empty group.
  const opts = { parent, ignoreChanges: ["actions"] };
  const productionRule = new aws.lb.ListenerRule(
    `${name}-production`,
    override(rule(http.listener.listenerArn), transform.productionRule),
    opts,
  );
  const testRule = shiftsTraffic(s.deployment)
    ? new aws.lb.ListenerRule(`${name}-test`, override(rule(http.listener.testListenerArn), transform.testRule), opts)
    : undefined;
  return { blueTargetGroup, greenTargetGroup, productionRule, testRule };
}

function targetGroup(s: Settled, http: Required<HttpArgs>): aws.lb.TargetGroupArgs {
  return {
    vpcId: s.args.network.vpcId,
    targetType: "ip",
    protocol: "HTTP",
    // Never used: ECS registers each task with the container's port. Stating that one here would replace the group,
    // which the rules (their actions are ignored) would still name, whenever the port changes.
    port: 80,
    deregistrationDelay: http.deregistrationDelaySeconds,
    healthCheck: {
      path: http.healthCheckPath,
      matcher: "200",
      // In after 20 s, out after 30 s.
      interval: 10,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    },
  };
}

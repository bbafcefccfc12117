import type * as aws from "@pulumi/aws";

import { on, rule, stackRule } from "../lib/rule";
import { types } from "../lib/types";

export const ecrImmutable = rule(
  {
    name: "ecr-immutable",
    description: "A tag means one image for ever",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["ECR.2", "ECR private repositories should have tag immutability configured"],
    remediationSteps: "Set imageTagMutability to IMMUTABLE.",
  },
  on<aws.ecr.RepositoryArgs>([...types.repository, ...types.repositoryTemplate], ({ props, report }) => {
    const mutability = props.at("imageTagMutability");
    if (mutability.isNot("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION")) {
      report(mutability, "lets a tag move to another image", "set it to IMMUTABLE");
    }
  }),
);

export const ecrScan = stackRule(
  {
    name: "ecr-scan",
    description: "Images are scanned for known weaknesses when they are pushed",
    severity: "high",
    levels: "R/R/M",
    fsbp: ["ECR.1", "ECR private repositories should have image scanning configured"],
    remediationSteps:
      "Set imageScanningConfiguration.scanOnPush, or rules in an aws.ecr.RegistryScanningConfiguration.",
    remedy: { "imageScanningConfiguration.scanOnPush": true },
  },
  types.repository,
  ({ stack, report }) => {
    // The registry's own rules apply to its repositories, whatever those say.
    const registry = stack.ofType(types.registryScanning).some((node) => {
      const rules = node.props.dig("rules");
      return rules.unknown || rules.items().some((rule) => !rule.dig("scanFrequency").is("MANUAL"));
    });
    if (registry) return;
    for (const repository of stack.ofType(types.repository)) {
      const scan = repository.props.dig("imageScanningConfiguration", "scanOnPush");
      if (scan.isNot(true)) report(repository, scan, "is not on", "set it to true");
    }
  },
);

export const ecrLifecycle = stackRule(
  {
    name: "ecr-lifecycle",
    description: "Old images are deleted",
    severity: "low",
    levels: "A/A/A",
    fsbp: ["ECR.3", "ECR repositories should have at least one lifecycle policy configured"],
    remediationSteps: "Add an aws.ecr.LifecyclePolicy.",
  },
  types.repository,
  ({ stack, report }) => {
    for (const repository of stack.ofType(types.repository)) {
      if (stack.referrers(repository, "repository", types.repositoryLifecycle).length > 0) continue;
      report(repository, "lifecycle policy", "is missing", "add an aws.ecr.LifecyclePolicy");
    }
  },
);

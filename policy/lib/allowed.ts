import type * as aws from "@pulumi/aws";

import { statements } from "./documents";
import { type Case, type Subject, on } from "./rule";
import { types } from "./types";
import type { Value } from "./value";

/**
 * Path of the policies that are permissions boundaries. Such a policy allows nothing by itself, so it may name whole services;
 * that none is ever attached is a part of iam-managed-admin.
 */
export const boundaryPath = "/boundary/";

/** What a check of a statement needs of the resource that the policy is on. */
type Holder = Pick<Subject<unknown>, "provider" | "config" | "report">;

/** Every statement that allows something, in the policies of users, groups and roles. */
export function onAllowed(check: (statement: Value, holder: Holder) => void): Case[] {
  const each = (policy: Value, holder: Holder): void => {
    for (const statement of statements(policy)) if (statement.dig("Effect").is("Allow")) check(statement, holder);
  };
  return [
    on(types.policy, (subject) => {
      if (!subject.props.dig("path").is(boundaryPath)) each(subject.props.dig("policy"), subject);
    }),
    on<aws.iam.RoleArgs>(types.role, (subject) => {
      for (const inline of subject.props.at("inlinePolicies").items()) each(inline.at("policy"), subject);
    }),
  ];
}

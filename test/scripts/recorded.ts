import * as assert from "node:assert/strict";

/**
 * A client of the AWS SDK that answers what was recorded, by the command's name, and notes what it was asked. A list has an
 * answer for each call in turn, the last one for all that follow; an Error is thrown.
 */
export function recorded(answers: Readonly<Record<string, unknown>>): {
  readonly client: { send(command: never): never };
  readonly calls: [string, unknown][];
} {
  const calls: [string, unknown][] = [];
  const send = (command: { constructor: { name: string }; input: unknown }): Promise<unknown> => {
    const { name } = command.constructor;
    const before = calls.filter(([each]) => each === name).length;
    calls.push([name, command.input]);
    if (!Object.hasOwn(answers, name)) assert.fail(`no answer for ${name}`);
    const given = answers[name];
    const answer: unknown = Array.isArray(given) ? (given as unknown[])[Math.min(before, given.length - 1)] : given;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { client: { send: send as unknown as (command: never) => never }, calls };
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

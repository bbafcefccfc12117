import { isMap, outputSignature, resourceSignature, signature, unknown, type Value, type Values } from "../values";

/** A registration that a component makes, as the engine's monitor takes it. */
export interface ChildRequest {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly inputs: Values;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** A registered child. */
export interface Child {
  readonly type: string;
  readonly urn: string;
  /** Empty while it is not known. */
  readonly id: string;
  readonly outputs: Values;
}

export type RegisterChild = (request: ChildRequest) => Promise<Omit<Child, "type">>;

/** An input and the resources that it came from. */
export interface From {
  readonly value: Value | undefined;
  readonly urns: readonly string[];
}

export type ChildInputs = Readonly<Record<string, Value | From | undefined>>;

function isFrom(input: Value | From | undefined): input is From {
  return typeof input === "object" && input !== null && "urns" in input && Array.isArray(input.urns);
}

export function idOf(child: Child): From {
  return { value: child.id === "" ? unknown : child.id, urns: [child.urn] };
}

export function outputOf(child: Child, property: string): From {
  return { value: child.outputs[property] ?? unknown, urns: [child.urn] };
}

export function listOf(items: readonly From[]): From {
  return { value: items.map((item) => item.value ?? null), urns: [...new Set(items.flatMap((item) => item.urns))] };
}

/** Takes a component's input apart: the outputs in it become values, with the resources that they came from. */
export function given(value: Value | undefined): From {
  const urns = new Set<string>();
  const plain = (part: Value): Value => {
    if (Array.isArray(part)) return part.map(plain);
    if (!isMap(part)) return part;
    if (part[signature] !== outputSignature) {
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, plain(item)]));
    }
    const listed = part["dependencies"];
    if (Array.isArray(listed)) for (const urn of listed) if (typeof urn === "string") urns.add(urn);
    return part["value"] === undefined ? unknown : plain(part["value"]);
  };
  return { value: value === undefined ? undefined : plain(value), urns: [...urns] };
}

/** Makes the children of one component, each after those that it needs. */
export class Children {
  constructor(private readonly register: RegisterChild) {}

  async make(type: string, name: string, parent: string, inputs: ChildInputs, after: readonly Child[]): Promise<Child> {
    const values: Values = {};
    const propertyDependencies: Record<string, readonly string[]> = {};
    for (const [key, input] of Object.entries(inputs)) {
      const { value, urns } = isFrom(input) ? input : { value: input, urns: [] };
      if (value === undefined) continue;
      values[key] = value;
      propertyDependencies[key] = urns;
    }
    const dependencies = [
      ...new Set([...after.map((child) => child.urn), ...Object.values(propertyDependencies).flat()]),
    ];
    const made = await this.register({ type, name, parent, inputs: values, dependencies, propertyDependencies });
    return { type, ...made };
  }
}

/** A child as a value: the SDK makes the resource of it again. */
export function reference(child: Child): Value {
  return { [signature]: resourceSignature, urn: child.urn, id: child.id === "" ? unknown : child.id };
}

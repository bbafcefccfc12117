import { unknown, type Value, type Values } from "../values";
import { type VpcArguments } from "./arguments";
import { idOf, reference, type Child } from "./children";
import { parseBlock } from "./cidr";
import { type VpcChildren } from "./vpc";

/** An output, and the children that it stands for beyond those that every output depends on. */
export interface Output {
  readonly value: Value;
  readonly children?: readonly Child[];
}

/** Ids that a preview does not know make their whole list unknown; an empty list is known. */
function ids(children: readonly Child[]): Output {
  const values = children.map((child) => idOf(child).value ?? null);
  return { value: values.includes(unknown) ? unknown : values };
}

function references(children: readonly Child[]): Output {
  return { value: children.map(reference), children };
}

/** Without specs awsx tells the layout that it chose; with them, the specs with mask and size made whole. */
function subnetLayout(made: VpcChildren, args: VpcArguments): Value {
  const first = made.subnets.filter(({ placed }) => placed.zone === made.subnets[0]?.placed.zone);
  const chosen = first
    .map(({ placed }): Values => ({ type: placed.type, cidrMask: parseBlock(placed.cidr).mask }))
    .sort((a, b) => Number(a["cidrMask"]) - Number(b["cidrMask"]));
  return (
    args.specs?.map((spec): Values => {
      const mask = spec.cidrMask ?? (spec.size === undefined ? undefined : 32 - Math.log2(spec.size));
      return {
        ...(spec.name !== undefined && { name: spec.name }),
        ...(spec.cidrBlocks !== undefined && { cidrBlocks: [...spec.cidrBlocks] }),
        ...(mask !== undefined && { cidrMask: mask, size: 2 ** (32 - mask) }),
        type: spec.type,
      };
    }) ?? chosen
  );
}

/** The outputs of the component, from its children. */
export function outputsOf(made: VpcChildren, args: VpcArguments): Record<string, Output> {
  const tier = (type: string): Child[] =>
    made.subnets.filter(({ placed }) => placed.type === type).map(({ subnet }) => subnet);
  const { vpc, internetGateway } = made;
  return {
    vpc: { value: reference(vpc), children: [vpc] },
    vpcId: { value: idOf(vpc).value ?? null },
    internetGateway: { value: reference(internetGateway), children: [internetGateway] },
    subnets: references(made.subnets.map(({ subnet }) => subnet)),
    publicSubnets: references(tier("Public")),
    privateSubnets: references(tier("Private")),
    isolatedSubnets: references(tier("Isolated")),
    publicSubnetIds: ids(tier("Public")),
    privateSubnetIds: ids(tier("Private")),
    isolatedSubnetIds: ids(tier("Isolated")),
    routeTables: references(made.subnets.map(({ routeTable }) => routeTable)),
    routeTableAssociations: references(made.associations),
    routes: references(made.routes),
    natGateways: references(made.natGateways),
    eips: references(made.eips),
    vpcEndpoints: references(made.endpoints),
    subnetLayout: { value: subnetLayout(made, args) },
  };
}

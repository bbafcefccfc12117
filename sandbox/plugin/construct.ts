import * as grpc from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";

import { type Child, type ChildRequest } from "../awsx/children";
import { constructVpc } from "../awsx/vpc";
import { type Values } from "../values";
import { fromStruct, toStruct } from "./wire";

/** The engine's monitor, as a component asks it to register children. */
class Monitor {
  private readonly client: ResourceMonitorClient;

  constructor(endpoint: string) {
    this.client = new ResourceMonitorClient(endpoint, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
    });
  }

  register(request: resource.RegisterResourceRequest): Promise<resource.RegisterResourceResponse> {
    request.setAcceptsecrets(true).setAcceptresources(true).setSupportspartialvalues(true).setAliasspecs(true);
    return new Promise((resolve, reject) => {
      this.client.registerResource(request, (error, response) => (error === null ? resolve(response) : reject(error)));
    });
  }

  finish(urn: string, outputs: Values): Promise<void> {
    const request = new resource.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(toStruct(outputs));
    return new Promise((resolve, reject) => {
      this.client.registerResourceOutputs(request, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  zones(region: string | undefined, provider: string): Promise<string[]> {
    const args: Values = region === undefined ? {} : { region };
    const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
    const request = new resource.ResourceInvokeRequest().setTok(token).setArgs(toStruct(args)).setProvider(provider);
    return new Promise((resolve, reject) => {
      this.client.invoke(request, (error, response) => {
        if (error !== null) return reject(error);
        const names = fromStruct(response.getReturn())["names"];
        resolve(Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : []);
      });
    });
  }

  close(): void {
    this.client.close();
  }
}

/** The component itself: what the program's registration asked for is handed on. */
function componentRequest(q: proto.ConstructRequest): resource.RegisterResourceRequest {
  const request = new resource.RegisterResourceRequest()
    .setType(q.getType())
    .setName(q.getName())
    .setParent(q.getParent())
    .setCustom(false)
    .setAliasesList(q.getAliasesList())
    .setDependenciesList(q.getDependenciesList())
    .setDeletedwith(q.getDeletedwith())
    .setIgnorechangesList(q.getIgnorechangesList())
    .setReplaceonchangesList(q.getReplaceonchangesList());
  if (q.hasProtect()) request.setProtect(q.getProtect() === true);
  if (q.hasRetainondelete()) request.setRetainondelete(q.getRetainondelete() === true);
  q.getProvidersMap().forEach((reference, pkg) => request.getProvidersMap().set(pkg, reference));
  return request;
}

function childRequest(child: ChildRequest, provider: string): resource.RegisterResourceRequest {
  const request = new resource.RegisterResourceRequest()
    .setType(child.type)
    .setName(child.name)
    .setParent(child.parent)
    .setCustom(true)
    .setProvider(provider)
    .setObject(toStruct(child.inputs))
    .setDependenciesList([...child.dependencies]);
  for (const [property, urns] of Object.entries(child.propertyDependencies)) {
    const dependencies = new resource.RegisterResourceRequest.PropertyDependencies().setUrnsList([...urns]);
    request.getPropertydependenciesMap().set(property, dependencies);
  }
  return request;
}

/** Construct: the component and its children, registered with the engine that asks. */
export async function construct(q: proto.ConstructRequest): Promise<proto.ConstructResponse> {
  if (q.getType() !== "awsx:ec2:Vpc") {
    throw new Error(`the sandbox has no stand-in for the component ${q.getType()}; it knows awsx:ec2:Vpc`);
  }
  const monitor = new Monitor(q.getMonitorendpoint());
  try {
    const inputs = fromStruct(q.getInputs());
    const provider = q.getProvidersMap().get("aws") ?? "";
    const region = inputs["region"];
    const zones =
      inputs["availabilityZoneNames"] !== undefined
        ? []
        : await monitor.zones(typeof region === "string" ? region : undefined, provider);
    let finished = Promise.resolve();
    const made = await constructVpc(q.getName(), inputs, {
      zonesOfRegion: () => zones,
      registerComponent: async (values) => {
        const request = componentRequest(q).setObject(toStruct(values));
        return (await monitor.register(request)).getUrn();
      },
      registerChild: async (child): Promise<Omit<Child, "type">> => {
        const response = await monitor.register(childRequest(child, provider));
        return { urn: response.getUrn(), id: response.getId(), outputs: fromStruct(response.getObject()) };
      },
      registerOutputs: (urn, outputs) => {
        finished = monitor.finish(urn, outputs);
      },
    });
    await finished;
    const response = new proto.ConstructResponse().setUrn(made.urn).setState(toStruct(made.outputs));
    for (const key of Object.keys(made.outputs)) {
      const dependencies = new proto.ConstructResponse.PropertyDependencies().setUrnsList([
        ...(made.outputDependencies[key] ?? []),
      ]);
      response.getStatedependenciesMap().set(key, dependencies);
    }
    return response;
  } finally {
    monitor.close();
  }
}

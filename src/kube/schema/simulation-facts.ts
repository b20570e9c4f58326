// The schemas of Rollcall's own kinds, in the notation that facts-reader.ts explains; simulation.ts has their types.
export const SIMULATION_FACTS = `
rollcall.NodePool simulation.rollcall.dev/v1alpha1/NodePool: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@rollcall.NodePoolSpec!|zero
rollcall.NodePoolSpec: replicas:i!|zero zones:[s template:@rollcall.NodeTemplate used:{q
rollcall.NodeTemplate: metadata:@rollcall.TemplateMeta spec:@rollcall.NodeTemplateSpec status:@rollcall.NodeTemplateStatus
rollcall.TemplateMeta: labels:{s annotations:{s
rollcall.NodeTemplateSpec: taints:[@core.v1.Taint unschedulable:b
rollcall.NodeTemplateStatus: capacity:{q allocatable:{q
rollcall.PodBehavior simulation.rollcall.dev/v1alpha1/PodBehavior: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@rollcall.PodBehaviorSpec!|zero
rollcall.PodBehaviorSpec: priority:i match:@rollcall.PodMatch pull:* start:* ready:* stop:* failures:[@rollcall.PodFailure
rollcall.PodMatch: image:s labels:@meta.v1.LabelSelector nodes:@meta.v1.LabelSelector
rollcall.PodFailure: kind:s! share:* after:s exitCode:i message:s times:i
rollcall.Scenario simulation.rollcall.dev/v1alpha1/Scenario: apiVersion:s kind:s metadata:@meta.v1.ObjectMeta|zero spec:@rollcall.ScenarioSpec!|zero
rollcall.ScenarioSpec: steps:[@rollcall.ScenarioStep!
rollcall.ScenarioStep: at:s! fault:s! nodes:@rollcall.NodeChoice! for:s factor:d
rollcall.NodeChoice: names:[s selector:@meta.v1.LabelSelector count:i
`

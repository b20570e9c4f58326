import { expect, test } from "vitest"
import { toCurrentVersion } from "../../src/kube/index.ts"

const labels = { app: "agent" }
const template = { metadata: { labels }, spec: { containers: [] } }

test("[A9] an extensions/v1beta1 DaemonSet keeps its old defaults", () => {
	const old = {
		apiVersion: "extensions/v1beta1",
		kind: "DaemonSet",
		metadata: { name: "a" },
		spec: { template, templateGeneration: 4 },
	}
	const { object, warning } = toCurrentVersion(old)
	expect(object).toEqual({
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "a", labels, annotations: { "deprecated.daemonset.template.generation": "4" } },
		spec: { template, selector: { matchLabels: labels }, updateStrategy: { type: "OnDelete" } },
	})
	expect(warning).toBe("extensions/v1beta1 DaemonSet was removed in Kubernetes 1.16: it is read as apps/v1")
})

test("[A9] what an extensions/v1beta1 DaemonSet says itself stays", () => {
	const selector = { matchLabels: { app: "agent", tier: "x" } }
	const metadata = { name: "a", labels: { own: "1" } }
	const spec = { template, selector, updateStrategy: { type: "RollingUpdate" } }
	const old = { apiVersion: "extensions/v1beta1", kind: "DaemonSet", metadata, spec }
	expect(toCurrentVersion(old).object).toEqual({ ...old, apiVersion: "apps/v1" })
})

test("[A9] apps/v1beta2 DaemonSets change their version alone, and other objects nothing", () => {
	const beta = { apiVersion: "apps/v1beta2", kind: "DaemonSet", metadata: { name: "a" }, spec: { template } }
	expect(toCurrentVersion(beta).object).toEqual({ ...beta, apiVersion: "apps/v1" })
	const ingress = { apiVersion: "extensions/v1beta1", kind: "Ingress", metadata: { name: "i" } }
	expect(toCurrentVersion(ingress)).toEqual({ object: ingress })
})

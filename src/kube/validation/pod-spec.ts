import type { JsonObject } from "../../base/index.ts"
import { dnsLabelProblems, qualifiedNameProblems, subdomainProblems } from "../labels.ts"
import { validateAffinity, validateSpreadConstraints, validateTolerations } from "./affinity.ts"
import { validateContainers } from "./containers.ts"
import { type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"
import { validateLabels } from "./metadata.ts"
import { isAddress } from "./network.ts"
import { validateHostProcesses, validateOperatingSystem } from "./operating-system.ts"
import { validatePodResources, validateResourceClaims } from "./pod-resources.ts"
import { validateResources } from "./resources.ts"
import { validatePodSecurity } from "./security.ts"
import { validateVolumes } from "./volumes.ts"

/** Characters of all search domains together. */
const MOST_SEARCH = 2048
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]
export const PREEMPTION_POLICIES = ["PreemptLowerPriority", "Never"]

/** What the server asks of the spec of a pod or of a pod template; the spec has its defaults. */
export function validatePodSpec(errors: FieldErrors, spec: JsonObject, path: string): void {
	const volumes = validateVolumes(errors, itemsOf(spec, "volumes"), `${path}.volumes`)
	validateResourceClaims(errors, itemsOf(spec, "resourceClaims"), `${path}.resourceClaims`)
	validateContainers(errors, spec, volumes, path)
	validatePodResources(errors, spec, `${path}.resources`)
	errors.oneOf(`${path}.restartPolicy`, spec["restartPolicy"], ["Always", "OnFailure", "Never"])
	errors.oneOf(`${path}.dnsPolicy`, spec["dnsPolicy"], DNS_POLICIES)
	validateLabels(errors, memberOf(spec, "nodeSelector"), `${path}.nodeSelector`)
	validatePodSecurity(errors, spec, path)
	validateAffinity(errors, memberOf(spec, "affinity"), `${path}.affinity`)
	validateDns(errors, spec, `${path}.dnsConfig`)
	for (const [index, gate] of itemsOf(spec, "readinessGates").entries()) {
		const type = textOf(gate, "conditionType")
		errors.eachInvalid(`${path}.readinessGates[${index}].conditionType`, type, qualifiedNameProblems(type))
	}
	validateSpreadConstraints(errors, itemsOf(spec, "topologySpreadConstraints"), `${path}.topologySpreadConstraints`)
	validateSchedulingGates(errors, itemsOf(spec, "schedulingGates"), `${path}.schedulingGates`)
	validateHostUsers(errors, spec, path)
	validateNames(errors, spec, path)
	const deadline = spec["activeDeadlineSeconds"]
	errors.between(`${path}.activeDeadlineSeconds`, deadline, 1, 2_147_483_647)
	validateTolerations(errors, itemsOf(spec, "tolerations"), `${path}.tolerations`)
	validateHostAliases(errors, itemsOf(spec, "hostAliases"), `${path}.hostAliases`)
	if (spec["preemptionPolicy"] !== undefined) {
		errors.oneOf(`${path}.preemptionPolicy`, spec["preemptionPolicy"], PREEMPTION_POLICIES)
	}
	const overhead = memberOf(spec, "overhead")
	if (overhead !== undefined) validateResources(errors, { limits: overhead }, `${path}.overhead`)
	validateHostProcesses(errors, spec, path)
	validateOperatingSystem(errors, spec, path)
}

function validateSchedulingGates(errors: FieldErrors, gates: readonly JsonObject[], field: string): void {
	const seen = new Set<string>()
	for (const [index, gate] of gates.entries()) {
		const name = textOf(gate, "name")
		errors.eachInvalid(`${field}[${index}]`, name, qualifiedNameProblems(name))
		if (seen.has(name)) errors.duplicate(`${field}[${index}]`, name)
		seen.add(name)
	}
}

/** A pod with users of its own shares no namespace of the node. */
function validateHostUsers(errors: FieldErrors, spec: JsonObject, path: string): void {
	if (spec["hostUsers"] !== false) return
	for (const name of ["hostNetwork", "hostPID", "hostIPC"]) {
		if (spec[name] === true) errors.forbidden(`${path}.${name}`, "when `hostUsers` is false")
	}
}

function validateNames(errors: FieldErrors, spec: JsonObject, path: string): void {
	for (const name of ["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"]) {
		const value = textOf(spec, name)
		if (value !== "") errors.eachInvalid(`${path}.${name}`, value, subdomainProblems(value))
	}
	for (const name of ["hostname", "subdomain"]) {
		const value = textOf(spec, name)
		if (value !== "") errors.eachInvalid(`${path}.${name}`, value, dnsLabelProblems(value))
	}
}

function validateDns(errors: FieldErrors, spec: JsonObject, field: string): void {
	const config = memberOf(spec, "dnsConfig") ?? {}
	const servers = textsOf(config, "nameservers")
	if (spec["dnsPolicy"] === "None" && servers.length === 0) {
		if (memberOf(spec, "dnsConfig") === undefined) {
			errors.required(field, "must provide `dnsConfig` when `dnsPolicy` is None")
		} else errors.required(`${field}.nameservers`, "must provide at least one DNS nameserver when `dnsPolicy` is None")
		return
	}
	if (servers.length > 3) errors.invalid(`${field}.nameservers`, servers, "must not have more than 3 nameservers")
	for (const [index, server] of servers.entries()) {
		if (!isAddress(server))
			errors.invalid(
				`${field}.nameservers[${index}]`,
				server,
				"must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
			)
	}
	const searches = textsOf(config, "searches")
	if (searches.length > 32) errors.invalid(`${field}.searches`, searches, "must not have more than 32 search paths")
	if (searches.join(" ").length > MOST_SEARCH) {
		const detail = `must not have more than ${MOST_SEARCH} characters (including spaces) in the search list`
		errors.invalid(`${field}.searches`, searches, detail)
	}
	for (const [index, search] of searches.entries()) {
		const name = search.replace(/\.$/, "")
		// An underscore may stand wherever a letter may, and before the first one.
		const plain = name.replace(/(^|\.)_(?=[a-z0-9])/g, "$1").replaceAll("_", "-")
		if (search !== ".") errors.eachInvalid(`${field}.searches[${index}]`, name, subdomainProblems(plain))
	}
	for (const [index, option] of itemsOf(config, "options").entries()) {
		if (textOf(option, "name") === "") errors.required(`${field}.options[${index}]`, "must not be empty")
	}
}

function validateHostAliases(errors: FieldErrors, aliases: readonly JsonObject[], field: string): void {
	for (const [index, alias] of aliases.entries()) {
		const address = textOf(alias, "ip")
		if (!isAddress(address)) {
			errors.invalid(`${field}[${index}].ip`, address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
		}
		for (const [place, host] of textsOf(alias, "hostnames").entries()) {
			errors.eachInvalid(`${field}[${index}].hostnames[${place}]`, host, subdomainProblems(host))
		}
	}
}

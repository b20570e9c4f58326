const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const LABEL_1123 = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/

const NAME_RULE =
	"must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
	"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const VALUE_RULE =
	"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
	"end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
	"'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
const SUBDOMAIN_RULE =
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
	"end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
	"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const LABEL_1123_RULE =
	"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
	"an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const LABEL_1035_RULE =
	"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
	"end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"

const NONE: readonly string[] = []

/** What is wrong with a qualified name (`example.com/name`): label keys, annotation keys, taint keys, resources. */
export function qualifiedNameProblems(value: string): readonly string[] {
	const slash = value.indexOf("/")
	if (slash < 0) return nameProblems(value)
	if (value.indexOf("/", slash + 1) >= 0) {
		return [
			"a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
				"alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
				"'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
		]
	}
	const prefix = value.slice(0, slash)
	const prefixProblems = prefix === "" ? ["must be non-empty"] : subdomainProblems(prefix)
	const rest = nameProblems(value.slice(slash + 1))
	if (prefixProblems.length === 0) return rest
	return [...prefixProblems.map((problem) => `prefix part ${problem}`), ...rest]
}

/** What is wrong with a label's value; empty is fine. */
export function labelValueProblems(value: string): readonly string[] {
	if (value === "" || (value.length <= 63 && NAME.test(value))) return NONE
	return problems(value, 63, NAME, VALUE_RULE)
}

/** What is wrong with a DNS subdomain, the form of most objects' names. */
export function subdomainProblems(value: string): readonly string[] {
	return problems(value, 253, SUBDOMAIN, SUBDOMAIN_RULE)
}

/** What is wrong with a DNS label, the form of namespaces' and containers' names. */
export function dnsLabelProblems(value: string): readonly string[] {
	const dotted = !LABEL_1123.test(value) && SUBDOMAIN.test(value)
	return problems(value, 63, LABEL_1123, dotted ? "must not contain dots" : LABEL_1123_RULE)
}

/** What is wrong with an older DNS label, which begins with a letter: Services' names. */
export function dns1035LabelProblems(value: string): readonly string[] {
	return problems(value, 63, LABEL_1035, LABEL_1035_RULE)
}

function nameProblems(name: string): readonly string[] {
	if (name.length <= 63 && NAME.test(name)) return NONE
	const found = problems(name, 63, NAME, `name part ${NAME_RULE}`)
	return name === ""
		? ["name part must be non-empty", ...found]
		: found.map((text) => text.replace(/^must be no/, "name part must be no"))
}

function problems(value: string, longest: number, shape: RegExp, rule: string): readonly string[] {
	const tooLong = byteLength(value) > longest
	const matches = shape.test(value)
	if (!tooLong && matches) return NONE
	return [...(tooLong ? [`must be no more than ${longest} characters`] : []), ...(matches ? [] : [rule])]
}

/** The length that Kubernetes counts: bytes of UTF-8. */
export function byteLength(text: string): number {
	let bytes = 0
	for (const character of text) {
		const point = character.codePointAt(0) ?? 0
		bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
	}
	return bytes
}

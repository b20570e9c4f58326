import { gzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { apply, cluster, daemonSet, settle } from "../../builders/cluster.ts"
import { servedApi } from "../../builders/served-api.ts"

const NODES = "/api/v1/nodes"
const LONG_AGO = Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"x"}').toString("base64url")
const PODS = "/api/v1/namespaces/kube-system/pods"
const SETS = "/apis/apps/v1/namespaces/kube-system/daemonsets"
const ONE = `${SETS}/fluentd`
const JSON_BODY = "Content-Type: application/json"
const YAML_BODY = "Content-Type: application/yaml"
const patchType = (kind: string) => `Content-Type: application/${kind}`

const NOT_FOUND = { reason: "NotFound", message: "the server could not find the requested resource" }
const NO_METHOD = {
	reason: "MethodNotAllowed",
	message: "the server does not allow this method on the requested resource",
}
const LIMIT = { reason: "RequestEntityTooLarge", message: "Request entity too large: limit is 3145728" }
const UNAUTHORIZED = { reason: "Unauthorized", message: "Unauthorized" }

type Row = readonly [
	what: string,
	request: readonly [line: string, headers?: readonly string[], body?: string | Buffer],
	status: number,
	want?: object | string,
]

/** A request, and what the API server answers to it: the members of its Status, or its text. */
const TABLES: { readonly [about: string]: readonly Row[] } = {
	paths: [
		["the list of a kind", [`GET ${NODES}`], 200],
		["a slash at the end", [`GET ${NODES}/`], 200],
		["two slashes in front", [`GET /${NODES}`], 404, NOT_FOUND],
		["two slashes within", ["GET /api/v1//nodes"], 404, NOT_FOUND],
		["a name that is a dot", [`GET ${NODES}/.`], 400, { message: `Name parameter invalid: ".": may not be '.'` }],
		["a name that climbs", [`GET ${NODES}/..`], 400, { message: `Name parameter invalid: "..": may not be '..'` }],
		["one that climbs in disguise", [`GET ${NODES}/%2e%2e`], 400, { reason: "BadRequest" }],
		["climbing on the way", ["GET /api/v1/../v1/nodes"], 404, NOT_FOUND],
		["a slash in disguise", [`GET ${NODES}/a%2Fb`], 404, NOT_FOUND],
		["a zero", [`GET ${NODES}/a%00`], 404, NOT_FOUND],
		["what is no UTF-8", [`GET ${NODES}/%ff%fe`], 404, NOT_FOUND],
		["raw bytes", [`GET ${NODES}/\xff\xfe`], 400, "400 Bad Request"],
		["what is no escape", [`GET ${NODES}/%zz`], 400, "400 Bad Request: the request target is no path"],
		["half an escape", [`GET ${NODES}/%`], 400, "400 Bad Request: the request target is no path"],
		["a long name", [`GET ${NODES}/${"a".repeat(20_000)}`], 404, { reason: "NotFound" }],
		["many parts", [`GET /api/v1${"/nodes".repeat(1_000)}`], 404, NOT_FOUND],
		["a name of JavaScript's", [`GET /api/v1/__proto__`], 404, NOT_FOUND],
		["an object of such a name", [`GET ${NODES}/constructor`], 404, { message: 'nodes "constructor" not found' }],
		["another case", ["GET /API/v1/nodes"], 404, NOT_FOUND],
		["a group that is not there", ["GET /apis/nosuch.example.com/v1/things"], 404, NOT_FOUND],
		["a version that is not there", ["GET /apis/apps/v9/daemonsets"], 404, NOT_FOUND],
		["a resource that is not there", ["GET /api/v1/things"], 404, NOT_FOUND],
		["a subresource that is not there", [`GET ${ONE}/scale`], 404, NOT_FOUND],
		["a path of nobody's", ["GET /nosuch"], 404, NOT_FOUND],
		["a name without its namespace", ["GET /api/v1/pods/x"], 404, NOT_FOUND],
		["what lives in no namespace in one", ["GET /api/v1/namespaces/default/nodes"], 404, NOT_FOUND],
		["a query of nonsense", [`GET ${NODES}?%%%=%zz&&&=&limit`], 200],
		["parameters that nobody knows", [`GET ${NODES}?nosuch=1&__proto__=2`], 200],
		["the whole address", [`GET https://localhost${NODES}`], 200],
		["the whole address of another", [`GET https://evil.example${NODES}`], 403, { reason: "Forbidden" }],
		["no path at all", ["GET *"], 400, "400 Bad Request: the request target is no path"],
	],
	methods: [
		["HEAD of the health", ["HEAD /livez"], 200],
		["HEAD of the metrics", ["HEAD /metrics"], 200],
		["HEAD of a list", [`HEAD ${NODES}`], 405],
		[
			"OPTIONS, as a browser asks before it sends",
			[`OPTIONS ${NODES}`, ["Origin: https://evil.example"]],
			405,
			NO_METHOD,
		],
		["TRACE", [`TRACE ${NODES}`], 405, NO_METHOD],
		["PUT of a list", [`PUT ${NODES}`, [JSON_BODY], "{}"], 405, NO_METHOD],
		["PATCH of a list", [`PATCH ${NODES}`, [JSON_BODY], "{}"], 405, NO_METHOD],
		["POST of an object by its name", [`POST ${NODES}/x`, [JSON_BODY], "{}"], 405, NO_METHOD],
		["POST across namespaces", ["POST /api/v1/pods", [JSON_BODY], "{}"], 405, NO_METHOD],
		["DELETE of a status", [`DELETE ${ONE}/status`], 405, NO_METHOD],
		["POST of discovery", ["POST /apis", [JSON_BODY], "{}"], 405, NO_METHOD],
		["DELETE of the version", ["DELETE /version"], 405, NO_METHOD],
		["a tunnel", ["CONNECT localhost:443"], 405, "405 Method Not Allowed"],
		["a method that nobody knows", [`FETCH ${NODES}`], 400, "400 Bad Request"],
	],
	tokens: [
		["none", [`GET ${NODES}`, ["Authorization:"]], 401, UNAUTHORIZED],
		["a wrong one", [`GET ${NODES}`, ["Authorization: Bearer x"]], 401, UNAUTHORIZED],
		["a name and a password", [`GET ${NODES}`, ["Authorization: Basic YWRtaW46YWRtaW4="]], 401, UNAUTHORIZED],
		["no word of it", [`GET ${NODES}`, ["Authorization: Bearer"]], 401, UNAUTHORIZED],
		["one in the query", [`GET ${NODES}?access_token=x&token=x`, ["Authorization:"]], 401, UNAUTHORIZED],
		["a cookie", [`GET ${NODES}`, ["Authorization:", "Cookie: token=x"]], 401, UNAUTHORIZED],
		["none, for what is open", ["GET /livez", ["Authorization:"]], 200, "ok"],
		["none, for more than is open", ["GET /livez/", ["Authorization:"]], 401, UNAUTHORIZED],
		["none, to write what is open", ["POST /livez", ["Authorization:"], "x"], 401, UNAUTHORIZED],
		["a browser that asks whether it may", [`OPTIONS ${NODES}`, ["Authorization:", "Origin: null"]], 401, UNAUTHORIZED],
	],
	"Host headers": [
		["another's", [`GET ${NODES}`, ["Host: evil.example"]], 400, "400 Bad Request: too many Host headers"],
		["the same twice", [`GET ${NODES}`, ["Host: localhost"]], 400, "400 Bad Request: too many Host headers"],
	],
	"lengths and encodings": [
		["two lengths", [`POST ${PODS}`, ["Content-Length: 5", "Content-Length: 6"], "{}"], 400, "400 Bad Request"],
		["a length and chunks", [`POST ${PODS}`, ["Content-Length: 5", "Transfer-Encoding: chunked"], "{}"], 400],
		["chunks that are none", [`POST ${PODS}`, ["Transfer-Encoding: chunked"], "zz\r\n"], 400],
		["a length that is none", [`POST ${PODS}`, ["Content-Length: -1"], "{}"], 400, "400 Bad Request"],
		["another transfer", [`POST ${PODS}`, ["Transfer-Encoding: gzip"], "{}"], 400, "400 Bad Request"],
		["more than 3 MiB, as it says", [`POST ${PODS}`, [JSON_BODY, "Content-Length: 3145729"], "{"], 413, LIMIT],
		["more than 3 MiB, as it comes", [`POST ${PODS}`, [JSON_BODY], " ".repeat(3_145_729)], 413, LIMIT],
		[
			"more than 3 MiB in chunks",
			[
				`POST ${PODS}`,
				[JSON_BODY, "Transfer-Encoding: chunked"],
				`${"10000\r\n".concat(" ".repeat(65_536), "\r\n").repeat(49)}0\r\n\r\n`,
			],
			413,
			LIMIT,
		],
		[
			"a body that is compressed",
			[`POST ${PODS}`, [JSON_BODY, "Content-Encoding: gzip"], gzipSync("{}")],
			415,
			{ message: 'the body of the request is encoded as "gzip"; only identity is accepted' },
		],
		[
			"a wish to go on first",
			[`POST ${PODS}`, [JSON_BODY, "Expect: 100-continue"], "{"],
			400,
			{ reason: "BadRequest" },
		],
		["another expectation", [`GET ${NODES}`, ["Expect: a miracle"]], 417],
		["a header of 64 KiB", [`GET ${NODES}`, [`X: ${"x".repeat(65_536)}`]], 200],
		["one of 200 KiB", [`GET ${NODES}`, [`X: ${"x".repeat(200_000)}`]], 431, "431 Request Header Fields Too Large"],
		["3,000 headers", [`GET ${NODES}`, Array.from({ length: 3_000 }, (_, n) => `X-${n}: ${n}`)], 200],
		["an upgrade", [`GET ${NODES}`, ["Connection: Upgrade", "Upgrade: websocket"]], 200],
	],
	formats: [
		["one that nobody has", [`GET ${NODES}`, ["Accept: text/html"]], 406, { reason: "NotAcceptable" }],
		["protobuf alone", [`GET ${NODES}`, ["Accept: application/vnd.kubernetes.protobuf"]], 406],
		["protobuf, or else JSON", [`GET ${NODES}`, ["Accept: application/vnd.kubernetes.protobuf,application/json"]], 200],
		["none", [`GET ${NODES}`, ["Accept:"]], 200],
		["YAML", [`GET ${NODES}`, ["Accept: application/yaml"]], 200],
		["YAML of a watch", [`GET ${NODES}?watch=true`, ["Accept: application/yaml"]], 406],
		["a body of HTML", [`POST ${PODS}`, ["Content-Type: text/html"], "<p>"], 415, { reason: "UnsupportedMediaType" }],
		["a form", [`POST ${PODS}`, ["Content-Type: application/x-www-form-urlencoded"], "a=b"], 415],
		["a patch that is JSON", [`PATCH ${ONE}`, [JSON_BODY], "{}"], 415, { reason: "UnsupportedMediaType" }],
		["a patch without a type", [`PATCH ${ONE}`, [], "{}"], 415],
	],
	bodies: [
		["nothing", [`POST ${PODS}`, [JSON_BODY]], 400, { reason: "BadRequest" }],
		["half of it", [`POST ${PODS}`, [JSON_BODY], '{"kind":"Pod"'], 400, { reason: "BadRequest" }],
		["something after it", [`POST ${PODS}`, [JSON_BODY], '{"kind":"Pod"} x'], 400, { reason: "BadRequest" }],
		["no object", [`POST ${PODS}`, [JSON_BODY], "[]"], 400, { reason: "BadRequest" }],
		["another kind", [`POST ${PODS}`, [JSON_BODY], '{"apiVersion":"v1","kind":"Node","metadata":{"name":"x"}}'], 400],
		["100,000 levels", [`POST ${PODS}`, [JSON_BODY], "[".repeat(100_000)], 400, { reason: "BadRequest" }],
		[
			"20,000 levels in an object",
			[
				`POST ${PODS}`,
				[JSON_BODY],
				`{"apiVersion":"v1","kind":"Pod","metadata":${'{"a":'.repeat(20_000)}1${"}".repeat(20_001)}`,
			],
			400,
			{ reason: "BadRequest" },
		],
		["bytes that are no text", [`POST ${PODS}`, [JSON_BODY], Buffer.from([0xff, 0xfe, 0])], 400],
		["YAML that is none", [`POST ${PODS}`, [YAML_BODY], "a: [1\nb: }"], 400, { reason: "BadRequest" }],
		["a key twice in YAML", [`POST ${PODS}`, [YAML_BODY], "a: 1\na: 2\n"], 400, { reason: "BadRequest" }],
		["more than 256 KiB of YAML", [`POST ${PODS}`, [YAML_BODY], "a: x\n".repeat(60_000)], 413],
		["10,000 levels of YAML", [`POST ${PODS}`, [YAML_BODY], "[".repeat(10_000)], 400, { reason: "BadRequest" }],
		["a patch that is no JSON", [`PATCH ${ONE}`, [patchType("merge-patch+json")], "{"], 400, { reason: "BadRequest" }],
		[
			"a deep patch",
			[`PATCH ${ONE}`, [patchType("merge-patch+json")], `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
			400,
		],
		[
			"10,001 operations",
			[
				`PATCH ${ONE}`,
				[patchType("json-patch+json")],
				JSON.stringify(Array.from({ length: 10_001 }, () => ({ op: "test", path: "/kind", value: "DaemonSet" }))),
			],
			413,
			{
				reason: "RequestEntityTooLarge",
				message: "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
			},
		],
		["an apply without a manager", [`PATCH ${ONE}`, [patchType("apply-patch+yaml")], "{}"], 422, { reason: "Invalid" }],
		["options that are none", [`DELETE ${ONE}`, [JSON_BODY], "[]"], 400, { reason: "BadRequest" }],
	],
	"selectors and pages": [
		["a label selector that ends too soon", [`GET ${NODES}?labelSelector=a%20in%20(b`], 400, { reason: "BadRequest" }],
		["one that says nothing", [`GET ${NODES}?labelSelector=!`], 400, { reason: "BadRequest" }],
		["a field that nobody knows", [`GET ${NODES}?fieldSelector=spec.nosuch%3Dx`], 400, { reason: "BadRequest" }],
		["no field at all", [`GET ${NODES}?fieldSelector=x`], 400, { reason: "BadRequest" }],
		["a token that nobody gave", [`GET ${NODES}?limit=1&continue=x`], 400, { reason: "BadRequest" }],
		["a token that is too old", [`GET ${NODES}?limit=1&continue=${LONG_AGO}`], 410, { reason: "Expired" }],
		["a limit that is no number", [`GET ${NODES}?limit=x`], 400, { reason: "BadRequest" }],
		["a version that is no number", [`GET ${NODES}?resourceVersion=x`], 400, { reason: "BadRequest" }],
		["a version that is to come", [`GET ${NODES}?resourceVersion=99999999&resourceVersionMatch=Exact`], 504],
		["a match without a version", [`GET ${NODES}?resourceVersionMatch=Exact`], 422, { reason: "Invalid" }],
		["another run", [`POST ${PODS}?dryRun=x`, [JSON_BODY], "{}"], 422, { reason: "Invalid" }],
		["another validation", [`POST ${PODS}?fieldValidation=x`, [JSON_BODY], "{}"], 422, { reason: "Invalid" }],
		["a watch of nonsense", [`GET ${NODES}?watch=1&resourceVersion=x`], 400, { reason: "BadRequest" }],
		["a watch of one object, which is none", [`GET ${ONE}?watch=1`], 200, { kind: "DaemonSet" }],
	],
	"what only a real machine has": [
		["exec", [`POST ${PODS}/x/exec?command=sh`], 403, { reason: "Forbidden" }],
		[
			"exec over a web socket",
			[`GET ${PODS}/x/exec?command=sh`, ["Connection: Upgrade", "Upgrade: websocket"]],
			403,
			{ reason: "Forbidden" },
		],
		[
			"a port",
			[`POST ${PODS}/x/portforward`, ["Connection: Upgrade", "Upgrade: SPDY/3.1"]],
			403,
			{ reason: "Forbidden" },
		],
	],
}

for (const [about, rows] of Object.entries(TABLES)) {
	describe(`over a socket: ${about}`, () => {
		for (const [what, request, status, want = {}] of rows) {
			test(`${what}: ${status}`, async () => {
				const live = cluster(3)
				apply(live, daemonSet())
				settle(live)
				const { ask, failures } = await servedApi(live)
				const said = await ask(...request)
				expect([said.status, said.text.slice(0, 300)]).toEqual([status, expect.anything()])
				if (typeof want === "string") expect(said.text).toBe(want)
				else if (said.body !== undefined) expect(said.body).toMatchObject(want)
				if (status >= 400 && said.body !== undefined) expect(said.body).toMatchObject({ kind: "Status", code: status })
				expect((await ask(`GET ${NODES}?limit=1`)).status).toBe(200)
				expect(failures).toEqual([])
			})
		}
	})
}

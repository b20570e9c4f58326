import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { cronTab, cronTabs } from "../builders/crontab.ts"
import { isRecentKubectl } from "../builders/kubectl.ts"
import { type Stage, stage } from "./kubectl/stage.ts"

const apply = (object: object, words = "") =>
	`echo '${JSON.stringify(object).replaceAll("'", "'\\''")}' | kubectl apply -f - ${words}`
const CRD = "crontabs.stable.example.com"

/** Commands in order, each with what it prints; what is not told of it is free. Ages and times are left out. */
const COMMANDS: readonly (readonly [command: string, prints: readonly string[]])[] = [
	[apply(cronTabs()), [`customresourcedefinition.apiextensions.k8s.io/${CRD} created`]],
	[`kubectl wait --for=condition=established crd/${CRD} --timeout=10s`, ["condition met"]],
	["kubectl get crd", ["NAME CREATED AT", CRD]],
	[apply(cronTab()), ["crontab.stable.example.com/nightly created"]],
	[apply(cronTab()), ["crontab.stable.example.com/nightly unchanged"]],
	["kubectl get ct", ["NAME SCHEDULE READY AGE", "nightly 0 3 * * *"]],
	["kubectl get ct -o wide", ["NAME SCHEDULE REPLICAS READY AGE", "nightly 0 3 * * * 1"]],
	[apply(cronTab({ replica: 2 })), ['strict decoding error: unknown field "spec.replica"']],
	[apply(cronTab({ replica: 2 }), "--validate=warn"), ['Warning: unknown field "spec.replica"']],
	[
		apply(cronTab({ schedule: "x", replicas: 11 })),
		[
			'The CronTab "nightly" is invalid:',
			"* spec.schedule: Invalid value: \"x\": spec.schedule in body should match '^(\\S+ ){4}\\S+$'",
			"* spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10",
		],
	],
	["kubectl scale ct/nightly --replicas=3", ["crontab.stable.example.com/nightly scaled"]],
	["kubectl get ct nightly -o jsonpath={.spec.replicas}", ["3"]],
	["kubectl explain ct.spec.replicas", ["GROUP: stable.example.com", "KIND: CronTab", "FIELD: replicas <integer>"]],
	["kubectl explain ct --recursive", ["schedule <string> -required-", "ownerReferences <[]OwnerReference>"]],
	["kubectl explain ds --recursive", ["maxUnavailable <IntOrString>"]],
	["kubectl explain pod.spec.tolerations", ["FIELD: tolerations <[]Toleration>", "tolerationSeconds <integer>"]],
	["kubectl explain node --recursive", ["podCIDRs <[]string>"]],
	["kubectl api-resources --api-group=stable.example.com", ["crontabs ct stable.example.com/v1 true CronTab"]],
	[
		"kubectl get crontabs.v1beta1.stable.example.com",
		["Warning: stable.example.com/v1beta1 CronTab is deprecated", "nightly"],
	],
	["kubectl get ct,all", ["crontab.stable.example.com/nightly", "service/kubernetes"]],
	[`kubectl delete crd ${CRD}`, [`customresourcedefinition.apiextensions.k8s.io "${CRD}" deleted`]],
	["kubectl get ct", ["exit 1"]],
	[
		"kubectl create deploy web --image=nginx --port=80",
		["Warning: deployments are kept, not simulated: no pods come of Deployment web", "deployment.apps/web created"],
	],
	["kubectl get deploy -o wide", ["NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR", "web 0/1 0 0"]],
	["kubectl scale deploy web --replicas=3", ["deployment.apps/web scaled"]],
	[
		"kubectl describe deploy web",
		["Replicas: 3 desired | 0 updated | 0 total | 0 available | 0 unavailable", "25% max unavailable"],
	],
	["kubectl expose deploy web --port=80", ["service/web exposed"]],
	["kubectl create job j --image=busybox -- true", ["job.batch/j created"]],
	["kubectl create cronjob c --image=busybox --schedule='0 1 * * *'", ["cronjob.batch/c created"]],
	["kubectl create job k --from=cronjob/c", ["job.batch/k created"]],
	["kubectl get cj", ["NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST SCHEDULE AGE", "c 0 1 * * * <none> False 0 <none>"]],
	["kubectl create role r --verb=get --resource=pods", ["role.rbac.authorization.k8s.io/r created"]],
	[
		"kubectl create rolebinding b --role=r --serviceaccount=default:robot",
		["rolebinding.rbac.authorization.k8s.io/b created"],
	],
	["kubectl get rolebinding -o wide", ["NAME ROLE AGE USERS GROUPS SERVICEACCOUNTS", "default/robot"]],
	["kubectl create quota q --hard=pods=3", ["resourcequota/q created"]],
	["kubectl create ingress i --rule=a.example/=web:80", ["ingress.networking.k8s.io/i created"]],
	["kubectl get ing", ["NAME CLASS HOSTS ADDRESS PORTS AGE", "i <none> a.example"]],
	["kubectl create pdb p --selector=app=web --min-available=1", ["poddisruptionbudget.policy/p created"]],
	["kubectl get pdb", ["NAME MIN AVAILABLE MAX UNAVAILABLE ALLOWED DISRUPTIONS AGE", "p 1 N/A 0"]],
	["kubectl create cm x -n nowhere", ['namespaces "nowhere" not found']],
	["kubectl label ns kube-public a=b", ["namespace/kube-public labeled"]],
	["kubectl delete ns kube-system", ['namespaces "kube-system" is forbidden: this namespace may not be deleted']],
]

describe.skipIf(!isRecentKubectl())(
	"a real kubectl on all kinds (skipped without kubectl v1.30 or newer on the PATH)",
	() => {
		let on: Stage
		beforeAll(async () => {
			on = await stage()
		})
		afterAll(() => on?.end())

		test.for(
			COMMANDS.map(([command, prints], index) => ({ command, prints, name: `${index + 1}. ${command.slice(-90)}` })),
		)("$name", async ({ command, prints }) => {
			const printed = (await on.kubectl(command)).replace(/[ \t]+/g, " ")
			for (const text of prints) expect(printed).toContain(text)
		})
	},
)

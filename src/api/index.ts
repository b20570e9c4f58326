/**
 * The Kubernetes API over the cluster, for kubectl and every other client.
 *
 * Owns HTTP: paths, status codes, tokens, certificates. Promises: nothing is answered without a token but `/livez`,
 * `/readyz` and `/version`; one request never stops another. Never: changes the cluster but by asking the engine.
 */
export { Api } from "./api.ts"
export type { ApiParts, NoPast, Past } from "./contract.ts"
export { EXTENSION, type Kubeconfig, kubeconfigAt, kubeconfigOf, type Whereabouts, wayIn } from "./serve/kubeconfig.ts"
export { type Serving, serveApi } from "./serve/serve.ts"

import type { Cluster } from "../cluster/index.ts"

/** What the commands that only read need of a cluster: the running one's last saved state serves as well. */
export type ClusterReader = Pick<Cluster, "read" | "list" | "now">

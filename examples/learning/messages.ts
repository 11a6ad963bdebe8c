/** What the director tells the process of the control plane. */
export interface PlaneOrder {
  readonly dataFolder: string
  /** Address of the model that writes, answers and rates. */
  readonly model: string
  /** Each begins with the same agent and the same people. */
  readonly workspaces: readonly string[]
}

/** The keys of a workspace. */
export interface WorkspaceKeys {
  readonly agent: string
  readonly supervisor: string
  readonly administrator: string
}

/** What the process of the control plane answers. */
export interface PlaneReady {
  readonly port: number
  readonly keys: Readonly<Record<string, WorkspaceKeys>>
}

/** What the director tells the process of the control plane. */
export interface PlaneOrder {
  readonly dataFolder: string
}

/** What the process of the control plane answers. */
export interface PlaneReady {
  readonly port: number
  /** Of the gateway, which asks and runs; of Ana, who decides on proposals; of Ada, who decides how far an agent is trusted. */
  readonly keys: { readonly gateway: string; readonly supervisor: string; readonly administrator: string }
}

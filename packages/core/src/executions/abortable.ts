/** What a run is aborted by; its signal is made once somebody asks for it, as most short runs never do. */
export class Abortable {
  #controller: AbortController | undefined
  #aborted = false
  #reason: unknown
  #host: (() => AbortSignal) | undefined
  #unlink: (() => void) | undefined

  get aborted(): boolean {
    return this.#aborted
  }

  get reason(): unknown {
    return this.#reason
  }

  get signal(): AbortSignal {
    return (this.#controller ?? this.#createController()).signal
  }

  /** The first reason stays. */
  abort(reason: unknown): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    this.#controller?.abort(reason)
  }

  /** Is aborted with the host. */
  follow(host: AbortSignal): void {
    const abort = (): void => this.abort(host.reason)
    if (host.aborted) abort()
    host.addEventListener('abort', abort, { once: true })
    this.#unlink = () => host.removeEventListener('abort', abort)
  }

  /** Is aborted with the host from when the signal is asked for; before that the host is not asked for its own. */
  followOnceAsked(host: () => AbortSignal): void {
    this.#host = host
  }

  /** Ends following the host. */
  release(): void {
    this.#host = undefined
    this.#unlink?.()
  }

  #createController(): AbortController {
    // Asked before anything is kept: where the host throws, the next who asks must not get a signal that follows nobody.
    const host = this.#aborted ? undefined : this.#host?.()
    const controller = new AbortController()
    this.#controller = controller
    if (this.#aborted) controller.abort(this.#reason)
    else if (host !== undefined) this.follow(host)
    return controller
  }
}

import type { Page } from '../resources/page.ts'
import type { Principal } from './principal.ts'

/**
 * What a plugin lets people and programs do, by name: the same on a governor of this process and on one of another. A plugin
 * exports it apart from its implementation, so that whoever only asks over HTTP does not carry the rest.
 */
export interface PluginPort<Operations extends object> {
  /** Name of the plugin, such as `learning`. */
  readonly name: string
  /** The operations as requests to the server of a remote governor. */
  connect(connection: PluginConnection): Operations
}

/** How the operations of a plugin reach the server: every call is one request, and its rules are those of the server. */
export interface PluginConnection {
  readonly workspace: string
  readonly principal: Principal
  /**
   * Gets one resource, which has these fields.
   *
   * @throws GovernanceError what the server answers, or `GOVERNOR_ANSWER_INVALID` when a field is missing.
   */
  get<T>(path: string, request: PluginGet<T>): Promise<T>
  /** Gets one page of resources, each of which has these fields. */
  page<T>(path: string, request: PluginGet<T>): Promise<Page<T>>
  /**
   * Sends something under an idempotency key of its own, so that a connection that fails does nothing twice, and reads the
   * resource that is answered.
   */
  send<T>(path: string, request: PluginSend<T>): Promise<T>
  /** Reads a text of any length as it comes, such as an export; it ends when the reader stops. */
  read(path: string, query: { readonly signal?: AbortSignal | undefined }): Promise<AsyncIterable<string>>
}

/** What is asked for. */
export interface PluginGet<T> {
  readonly query?: object | undefined
  /** Fields by which the resource is known. */
  readonly fields: readonly (keyof T & string)[]
}

/** What is sent. */
export interface PluginSend<T> {
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: object | undefined
  readonly query?: object | undefined
  /** Fields by which the answered resource is known. */
  readonly fields: readonly (keyof T & string)[]
  /** A chat model may be asked, which takes longer than others; default false. */
  readonly isSlow?: boolean
}

/** A text with named variables, written as `{{name}}`. */
export interface Template {
  readonly name: string
  readonly text: string
}

import type { JsonObject } from '@preceptor/client'
import { redact } from '../journal/redact.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { own } from '../kernel/own-property.ts'

/**
 * What a reviewer made of the args: by name, what is not what was asked for, with secrets redacted and null for what was
 * left out. Empty when nothing was changed.
 */
export function editedArgs(
  action: { readonly sensitivePaths: readonly SensitivePath[] },
  { asked, approved }: { readonly asked: JsonObject; readonly approved: JsonObject },
): JsonObject {
  const names = [...new Set([...Object.keys(asked), ...Object.keys(approved)])]
  const changed = names.filter((name) => hashOf(asked, name) !== hashOf(approved, name))
  const edited = Object.fromEntries(changed.map((name) => [name, own(approved, name) ?? null]))
  // Copied as an object it stays one.
  return redact(edited, action) as JsonObject
}

function hashOf(args: JsonObject, name: string): string {
  return Object.hasOwn(args, name) ? hashCanonical([own(args, name) ?? null]) : ''
}

import type { ReactNode } from 'react'

/** Makes a workflow. */
export function NewWorkflowPage(): ReactNode {
  return null
}

/** Edits a workflow. */
export function EditWorkflowPage(): ReactNode {
  return null
}

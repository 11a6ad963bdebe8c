import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { WorldDialog } from './dialogs.ts'

type Opened = Pick<WorldDialog, 'file' | 'press' | 'fill'>

/** Opens a dialog as a person does, from the page that offers it. */
export async function openDialog(page: Page, dialog: Opened): Promise<void> {
  const opened = page.getByRole('dialog')
  await press(page, dialog)
  const isOpen = await opened.waitFor().then(
    () => true,
    () => false,
  )
  if (isOpen) return
  // What changes in this world meanwhile may draw a button anew under the pointer: whoever meets that tries again.
  await page.reload()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await press(page, dialog)
  await expect.poll(() => opened.count(), { message: `${dialog.file} does not open` }).toBe(1)
}

async function press(page: Page, { press: names, fill }: Opened): Promise<void> {
  if (fill !== undefined) await page.getByLabel(fill.label).fill(fill.text)
  for (const name of names) {
    const exact = typeof name === 'string'
    const pressed = page.getByRole('button', { name, exact }).or(page.getByRole('menuitem', { name, exact }))
    await pressed.filter({ visible: true }).first().click()
  }
}

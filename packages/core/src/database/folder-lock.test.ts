import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { endChildren, startChild } from './children.test.helper.ts'
import { lockFolder } from './folder-lock.ts'
import { ownIdentity } from './process-identity.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-lock-'))
let folders = 0
const newFolder = (): string => {
  folders += 1
  return join(root, `folder-${folders}`, 'nested')
}
const claimsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('lock-'))

const HOLD = (folder: string): string => `
  try {
    const lock = await lockFolder(${JSON.stringify(folder)})
    lock.announce('http://127.0.0.1:4100')
    print('held')
    await told()
    lock.release()
    print('released')
    process.exit(0)
  } catch (error) {
    print(error.code + ' ' + error.details.pid)
    process.exit(0)
  }`

afterEach(endChildren)
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('lockFolder [DB-3]', () => {
  it('creates a private folder and a private claim, and removes the claim on release', async () => {
    const folder = newFolder()
    const lock = await lockFolder(folder)
    const [claim] = claimsIn(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, claim ?? '')).mode & 0o777).toBe(0o600)
    lock.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('closes a data folder that others could read, and leaves a folder of other things as it is [DB-4]', async () => {
    const [empty, used, other] = [newFolder(), newFolder(), newFolder()]
    for (const folder of [empty, used, other]) mkdirSync(folder, { recursive: true, mode: 0o755 })
    mkdirSync(join(used, 'database'))
    writeFileSync(join(used, 'notes.txt'), '')
    writeFileSync(join(other, 'notes.txt'), '')
    for (const folder of [empty, used, other]) {
      const lock = await lockFolder(folder)
      lock.release()
    }
    expect([empty, used, other].map((folder) => statSync(folder).mode & 0o777)).toEqual([0o700, 0o700, 0o755])
  })

  it('refuses a second lock in the same process', async () => {
    const folder = newFolder()
    const lock = await lockFolder(folder)
    await expect(lockFolder(join(folder, '..', 'nested'))).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      message: expect.stringContaining(`this process already (pid ${process.pid})`),
    })
    lock.release()
    const again = await lockFolder(folder)
    again.release()
  })

  it('refuses another process and names the first, with its address', async () => {
    const folder = newFolder()
    const child = startChild(HOLD(folder))
    expect(await child.line()).toBe('held')
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      message: `The data folder ${folder} is open in the process with pid ${child.pid}, reachable at http://127.0.0.1:4100.`,
      details: { folder, pid: child.pid, address: 'http://127.0.0.1:4100' },
    })
    child.tell('release')
    expect(await child.line()).toBe('released')
    const lock = await lockFolder(folder)
    lock.release()
    await child.exited
  })

  it('refuses while the first process is stopped, and takes over when it was killed', async () => {
    const folder = newFolder()
    const child = startChild(HOLD(folder))
    await child.line()
    child.signal('SIGSTOP')
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'DATA_FOLDER_LOCKED' })
    await child.kill()
    const lock = await lockFolder(folder)
    expect(claimsIn(folder)).toHaveLength(1)
    lock.release()
  })

  it('is released when the process exits by itself', async () => {
    const folder = newFolder()
    const child = startChild(`await lockFolder(${JSON.stringify(folder)}); print('held'); process.exit(0)`)
    await child.line()
    await child.exited
    expect(claimsIn(folder)).toEqual([])
  })

  it('goes to exactly one of several processes that race for the lock of a dead one', async () => {
    for (let round = 0; round < 3; round += 1) {
      const folder = newFolder()
      const dead = startChild(HOLD(folder))
      await dead.line()
      await dead.kill()
      expect(claimsIn(folder)).toHaveLength(1)
      const children = Array.from({ length: 5 }, () => startChild(HOLD(folder)))
      const lines = await Promise.all(children.map((child) => child.line()))
      const winner = children[lines.indexOf('held')]
      expect(lines.filter((line) => line === 'held')).toHaveLength(1)
      expect(lines.filter((line) => line === `DATA_FOLDER_LOCKED ${winner?.pid}`)).toHaveLength(4)
      winner?.tell('release')
      await Promise.all(children.map((child) => child.exited))
    }
  })

  it('goes to exactly one of several contenders in one process', async () => {
    const folder = newFolder()
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => lockFolder(folder)))
    const won = results.filter((result) => result.status === 'fulfilled')
    expect(won).toHaveLength(1)
    for (const result of won) result.value.release()
  })

  it('takes over from a process whose pid now belongs to another one', async () => {
    const folder = newFolder()
    const first = await lockFolder(folder)
    first.release()
    const claim = { ...ownIdentity(), pid: process.ppid, started: '1', held: true }
    writeFileSync(join(folder, 'lock-1-reused.json'), JSON.stringify(claim))
    const lock = await lockFolder(folder)
    expect(claimsIn(folder)).not.toContain('lock-1-reused.json')
    lock.release()
  })

  it('believes the heartbeat of a process that it cannot see', async () => {
    const folder = newFolder()
    const first = await lockFolder(folder)
    first.release()
    const path = join(folder, 'lock-1-elsewhere.json')
    const elsewhere = { pid: 1, started: '5', scope: 'another boot', host: 'elsewhere', held: true }
    writeFileSync(path, JSON.stringify(elsewhere))
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      message: expect.stringContaining('the process with pid 1 on elsewhere'),
    })
    const old = new Date(statSync(path).mtimeMs - 60_000)
    utimesSync(path, old, old)
    const lock = await lockFolder(folder)
    expect(claimsIn(folder)).toHaveLength(1)
    lock.release()
  })

  it('does not trust a claim that it cannot read', async () => {
    const folder = newFolder()
    const first = await lockFolder(folder)
    first.release()
    const path = join(folder, 'lock-1-broken.json')
    writeFileSync(path, '{"pid": 1')
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      message: expect.stringContaining('another process'),
    })
  })

  it('says why a folder cannot be used', async () => {
    const file = join(root, 'file')
    writeFileSync(file, '')
    chmodSync(file, 0o400)
    await expect(lockFolder(join(file, 'folder'))).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringContaining('ENOTDIR'),
    })
    await expect(lockFolder('/proc/preceptor')).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
  })
})

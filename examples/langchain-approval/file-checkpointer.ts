import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { MemorySaver } from '@langchain/langgraph'

/**
 * Keeps threads in one file, so that this example needs no database of its own: every write replaces the file whole. In
 * production take a checkpointer on a database, such as that of `@langchain/langgraph-checkpoint-postgres`.
 */
export class FileCheckpointer extends MemorySaver {
  readonly #file: string

  constructor(file: string) {
    super()
    this.#file = file
    if (!existsSync(file)) return
    const { storage, writes } = deserialize(readFileSync(file)) as Pick<MemorySaver, 'storage' | 'writes'>
    Object.assign(this.storage, storage)
    Object.assign(this.writes, writes)
  }

  override async put(...args: Parameters<MemorySaver['put']>): ReturnType<MemorySaver['put']> {
    const config = await super.put(...args)
    this.#save()
    return config
  }

  override async putWrites(...args: Parameters<MemorySaver['putWrites']>): Promise<void> {
    await super.putWrites(...args)
    this.#save()
  }

  #save(): void {
    const { storage, writes } = this
    writeFileSync(`${this.#file}.next`, serialize({ storage: { ...storage }, writes: { ...writes } }))
    renameSync(`${this.#file}.next`, this.#file)
  }
}

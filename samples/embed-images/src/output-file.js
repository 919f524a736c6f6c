import { open, rename, rm } from 'node:fs/promises';
import { DataError } from './errors.js';

/** A file that takes its name only when it is whole. */
export class OutputFile {
  static async create(path) {
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      return new OutputFile(path, temporary, await open(temporary, 'wx'));
    } catch (error) {
      throw new DataError(`${path}: cannot be written: ${error.message}`);
    }
  }

  constructor(path, temporary, file) {
    Object.assign(this, { path, temporary, file });
  }

  async write(data) {
    await this.file.writeFile(data);
  }

  async commit() {
    await this.file.sync();
    await this.file.close();
    await rename(this.temporary, this.path);
  }

  /** Leaves nothing behind; does nothing after commit. */
  async discard() {
    await this.file.close();
    await rm(this.temporary, { force: true });
  }
}

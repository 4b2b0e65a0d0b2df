import type { Admin } from 'kafkajs';

/** An admin that is connected when it is asked, and thrown away after any error. */
export class GroupAdmin {
  readonly #make: () => Admin;
  #admin: Admin | undefined;

  constructor(make: () => Admin) {
    this.#make = make;
  }

  /** Throws what kafkajs throws. */
  async asked<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    this.#admin ??= this.#make();
    const admin = this.#admin;
    try {
      await admin.connect();
      return await question(admin);
    } catch (error) {
      if (this.#admin === admin) this.#admin = undefined;
      throw error;
    } finally {
      // Disconnected while it was asked, it has connected again to be answered; that connection would keep the process.
      if (this.#admin !== admin) await admin.disconnect().catch(() => undefined);
    }
  }

  /** It may be asked again afterwards. Never rejects. */
  async drop(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    await admin?.disconnect().catch(() => undefined);
  }
}

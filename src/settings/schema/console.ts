import * as z from 'zod';
import { setting } from '../setting.ts';
import { openId } from './open-id.ts';
import { port } from './shared.ts';

/** Of `sluice console`; all else of its listeners is as in `http`. */
export const consoleSettings = z.strictObject({
  port: setting(port.default(8079), {
    description:
      'Port of `sluice console`, at the address `http.api.host`; 0 chooses a free one. In a daemon the console is at `http.api.port`.',
  }),
  opsPort: setting(port.default(8080), {
    description: 'Port of probes and metrics of `sluice console`, at `http.ops.host`; 0 chooses a free one.',
  }),
  openId: openId.prefault({}),
});

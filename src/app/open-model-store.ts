import { FolderModelStore } from '../adapters/folder/folder-model-store.ts';
import type { OpenModelStore } from './daemon.ts';

export const openModelStore: OpenModelStore = (settings) => new FolderModelStore(settings.model.localPath);

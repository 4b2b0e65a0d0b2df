-- The tables as the version of commit 127147e has made them in MySQL 8.0. Never changed.

CREATE TABLE `activity` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `who` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL,
  `what` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL,
  `before` mediumtext COLLATE utf8mb4_0900_bin,
  `after` mediumtext COLLATE utf8mb4_0900_bin,
  `when` bigint NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `messages` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `spam` bigint NOT NULL,
  `body` mediumtext COLLATE utf8mb4_0900_bin NOT NULL,
  `community` mediumtext COLLATE utf8mb4_0900_bin NOT NULL DEFAULT (_utf8mb4''),
  `message_id` mediumtext COLLATE utf8mb4_0900_bin NOT NULL DEFAULT (_utf8mb4''),
  `created_at` bigint NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  CONSTRAINT `messages_chk_1` CHECK ((`spam` in (0,1)))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `models` (
  `version` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL,
  `path` mediumtext COLLATE utf8mb4_0900_bin NOT NULL,
  `status` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL,
  `true_positive_rate` double DEFAULT NULL,
  `false_positive_rate` double DEFAULT NULL,
  `manifest_sha256` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL,
  `figures` mediumtext COLLATE utf8mb4_0900_bin NOT NULL,
  `decided` mediumtext COLLATE utf8mb4_0900_bin,
  `created_at` bigint NOT NULL,
  `activated_at` bigint DEFAULT NULL,
  `deactivated_at` bigint DEFAULT NULL,
  PRIMARY KEY (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `review` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `community` mediumtext COLLATE utf8mb4_0900_bin NOT NULL,
  `message_id` mediumtext COLLATE utf8mb4_0900_bin NOT NULL,
  `message` mediumtext COLLATE utf8mb4_0900_bin NOT NULL,
  `sender` mediumtext COLLATE utf8mb4_0900_bin,
  `probability` double DEFAULT NULL,
  `reasons` mediumtext COLLATE utf8mb4_0900_bin NOT NULL,
  `model` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL,
  `source_topic` mediumtext COLLATE utf8mb4_0900_bin NOT NULL,
  `source_partition` bigint NOT NULL,
  `source_offset` bigint NOT NULL,
  `origin` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL,
  `inclusion_probability` double DEFAULT NULL,
  `state` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL,
  `lease_holder` mediumtext COLLATE utf8mb4_0900_bin,
  `lease_until` bigint DEFAULT NULL,
  `label` varchar(191) COLLATE utf8mb4_0900_bin DEFAULT NULL,
  `labelled_by` mediumtext COLLATE utf8mb4_0900_bin,
  `labelled_at` bigint DEFAULT NULL,
  `created_at` bigint NOT NULL,
  `identity` binary(32) GENERATED ALWAYS AS (unhex(sha2(concat(length(`community`),_utf8mb4':',`community`,length(`message_id`),_utf8mb4':',`message_id`,length(`origin`),_utf8mb4':',`origin`),256))) STORED,
  PRIMARY KEY (`id`),
  UNIQUE KEY `review_identity` (`identity`),
  KEY `review_by_state` (`state`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

CREATE TABLE `sluice_migration` (
  `name` varchar(255) NOT NULL,
  `timestamp` varchar(255) NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1;

CREATE TABLE `training` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `class` bigint NOT NULL,
  `message` mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
  `community` mediumtext COLLATE utf8mb4_0900_bin NOT NULL DEFAULT (_utf8mb4''),
  `source` varchar(191) COLLATE utf8mb4_0900_bin NOT NULL DEFAULT '',
  `labelled_by` mediumtext COLLATE utf8mb4_0900_bin,
  `labelled_at` bigint DEFAULT NULL,
  `near_group` varchar(191) COLLATE utf8mb4_0900_bin DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `training_by_group` (`near_group`),
  FULLTEXT KEY `training_text` (`message`),
  CONSTRAINT `training_chk_1` CHECK ((`class` in (0,1)))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;

insert into sluice_migration values ('2026-11-22-first-tables', '2026-11-29T20:11:40.098Z');
insert into sluice_migration values ('2026-11-25-messages', '2026-11-29T20:11:40.219Z');
insert into sluice_migration values ('2026-11-25-training-text', '2026-11-29T20:11:40.214Z');
insert into sluice_migration values ('2026-11-26-model-times', '2026-11-29T20:11:40.232Z');
insert into review (community, message_id, message, sender, probability, reasons, model, source_topic, source_partition, source_offset, origin, state, created_at) values
  ('forum', 'plain', 'text of plain', null, 0.6, '["word: \\"free\\""]', '20261101T000000Z-01234567', 'chat-messages', 0, 7, 'band', 'open', 1764000000000),
  ('forum', '😀 ünïcode', 'text of 😀 ünïcode', null, 0.6, '["word: \\"free\\""]', '20261101T000000Z-01234567', 'chat-messages', 0, 7, 'band', 'open', 1764000000000),
  ('forum', 'labelled', 'text of labelled', null, 0.6, '[]', '20261101T000000Z-01234567', 'chat-messages', 0, 7, 'band', 'labelled', 1764000000000);
insert into models (version, path, status, manifest_sha256, figures, created_at) values ('20261101T000000Z-01234567', '/models', 'active', '0123', '{}', 1764000000000);

-- The tables as the version of commit 127147e has made them in MariaDB 10.11. Never changed.

CREATE TABLE `activity` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `who` varchar(191) NOT NULL,
  `what` varchar(191) NOT NULL,
  `before` mediumtext DEFAULT NULL,
  `after` mediumtext DEFAULT NULL,
  `when` bigint(20) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `messages` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `spam` bigint(20) NOT NULL CHECK (`spam` in (0,1)),
  `body` mediumtext NOT NULL,
  `community` mediumtext NOT NULL DEFAULT '',
  `message_id` mediumtext NOT NULL DEFAULT '',
  `created_at` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `models` (
  `version` varchar(191) NOT NULL,
  `path` mediumtext NOT NULL,
  `status` varchar(191) NOT NULL,
  `true_positive_rate` double DEFAULT NULL,
  `false_positive_rate` double DEFAULT NULL,
  `manifest_sha256` varchar(191) NOT NULL,
  `figures` mediumtext NOT NULL,
  `decided` mediumtext DEFAULT NULL,
  `created_at` bigint(20) NOT NULL,
  `activated_at` bigint(20) DEFAULT NULL,
  `deactivated_at` bigint(20) DEFAULT NULL,
  PRIMARY KEY (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `review` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `community` mediumtext NOT NULL,
  `message_id` mediumtext NOT NULL,
  `message` mediumtext NOT NULL,
  `sender` mediumtext DEFAULT NULL,
  `probability` double DEFAULT NULL,
  `reasons` mediumtext NOT NULL,
  `model` varchar(191) NOT NULL,
  `source_topic` mediumtext NOT NULL,
  `source_partition` bigint(20) NOT NULL,
  `source_offset` bigint(20) NOT NULL,
  `origin` varchar(191) NOT NULL,
  `inclusion_probability` double DEFAULT NULL,
  `state` varchar(191) NOT NULL,
  `lease_holder` mediumtext DEFAULT NULL,
  `lease_until` bigint(20) DEFAULT NULL,
  `label` varchar(191) DEFAULT NULL,
  `labelled_by` mediumtext DEFAULT NULL,
  `labelled_at` bigint(20) DEFAULT NULL,
  `created_at` bigint(20) NOT NULL,
  `identity` binary(32) GENERATED ALWAYS AS (unhex(sha2(concat(octet_length(`community`),':',`community`,octet_length(`message_id`),':',`message_id`,octet_length(`origin`),':',`origin`),256))) STORED,
  PRIMARY KEY (`id`),
  UNIQUE KEY `review_identity` (`identity`),
  KEY `review_by_state` (`state`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `sluice_migration` (
  `name` varchar(255) NOT NULL,
  `timestamp` varchar(255) NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `training` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `class` bigint(20) NOT NULL CHECK (`class` in (0,1)),
  `message` mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
  `community` mediumtext NOT NULL DEFAULT '',
  `source` varchar(191) NOT NULL DEFAULT '',
  `labelled_by` mediumtext DEFAULT NULL,
  `labelled_at` bigint(20) DEFAULT NULL,
  `near_group` varchar(191) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `training_by_group` (`near_group`),
  FULLTEXT KEY `training_text` (`message`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

insert into sluice_migration values ('2026-11-22-first-tables', '2026-11-29T20:11:43.848Z');
insert into sluice_migration values ('2026-11-25-messages', '2026-11-29T20:11:43.904Z');
insert into sluice_migration values ('2026-11-25-training-text', '2026-11-29T20:11:43.898Z');
insert into sluice_migration values ('2026-11-26-model-times', '2026-11-29T20:11:43.950Z');
insert into review (community, message_id, message, sender, probability, reasons, model, source_topic, source_partition, source_offset, origin, state, created_at) values
  ('forum', 'plain', 'text of plain', null, 0.6, '["word: \\"free\\""]', '20261101T000000Z-01234567', 'chat-messages', 0, 7, 'band', 'open', 1764000000000),
  ('forum', '😀 ünïcode', 'text of 😀 ünïcode', null, 0.6, '["word: \\"free\\""]', '20261101T000000Z-01234567', 'chat-messages', 0, 7, 'band', 'open', 1764000000000),
  ('forum', 'labelled', 'text of labelled', null, 0.6, '[]', '20261101T000000Z-01234567', 'chat-messages', 0, 7, 'band', 'labelled', 1764000000000);
insert into models (version, path, status, manifest_sha256, figures, created_at) values ('20261101T000000Z-01234567', '/models', 'active', '0123', '{}', 1764000000000);

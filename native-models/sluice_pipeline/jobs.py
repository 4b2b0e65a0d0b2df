"""When and how the assets are made: jobs and the monthly schedule."""

import dagster as dg

from .resources import ProfileName, Training

EVERYTHING = dg.AssetSelection.all()

retrain_job = dg.define_asset_job(
    "retrain_job",
    selection=EVERYTHING,
    description="Assembles the data, trains the ensemble, compares it with the active model, and promotes it if the gate says yes.",
)

bag_of_words_job = dg.define_asset_job(
    "bag_of_words_job",
    selection=EVERYTHING,
    config=dg.RunConfig(resources={"training": Training(profile=ProfileName.BAG_OF_WORDS)}),
    description="The same with the model of the two bags of words: small, and trained within seconds.",
)

monthly_retraining = dg.ScheduleDefinition(
    name="monthly_retraining",
    job=retrain_job,
    cron_schedule="0 0 1 * *",
    execution_timezone="UTC",
    description="""Retrains on the first of each month.

Off until it is turned on. Turn on either it or `sluice retrain --schedule`; where both run, the second one finds nothing new.""",
)

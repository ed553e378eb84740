from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0007_pausing_and_counts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="frame",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=deletion.DO_NOTHING,
                related_name="deliveries",
                to="newsletter.frame",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="issue",
            field=models.ForeignKey(
                db_index=False,
                on_delete=deletion.CASCADE,
                related_name="deliveries",
                to="newsletter.issue",
            ),
        ),
    ]

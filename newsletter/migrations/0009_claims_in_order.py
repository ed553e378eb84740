from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0008_fewer_indexes"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="newsletter__status_e80b59_idx",
        ),
        migrations.RemoveIndex(
            model_name="notice",
            name="newsletter__status_115b32_idx",
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["status", "next_attempt_at", "id"], name="newsletter__status_24d43d_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["status", "next_attempt_at", "id"], name="newsletter__status_f8216e_idx"
            ),
        ),
    ]

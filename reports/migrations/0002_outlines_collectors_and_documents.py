"""Periods with outlines and children, reports with sections and collectors, versions with documents: what is new."""

import django.contrib.postgres.fields
import django.db.models.deletion
import reports.outline
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('plans', '0007_steps_left_to_notices'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsolidatedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=255, verbose_name='cơ quan')),
                ('agency_kind', models.CharField(max_length=100, verbose_name='khối')),
                ('collector', models.CharField(blank=True, max_length=255, verbose_name='cơ quan cấp trên')),
                ('position', models.PositiveIntegerField()),
                ('headings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=1000), blank=True, default=list, size=None)),
                ('number', models.CharField(blank=True, max_length=30, verbose_name='số thứ tự in')),
                ('text', models.TextField(verbose_name='nhiệm vụ')),
                ('agencies_text', models.TextField(blank=True, verbose_name='cơ quan thực hiện (nguyên văn)')),
                ('time_text', models.CharField(blank=True, max_length=1000, verbose_name='thời gian (nguyên văn)')),
                ('role', models.CharField(choices=[('lead', 'chủ trì'), ('implement', 'thực hiện'), ('advise', 'tham mưu'), ('coordinate', 'phối hợp'), ('monitor', 'theo dõi')], max_length=10, verbose_name='vai trò')),
                ('due_date', models.DateField(blank=True, null=True, verbose_name='hạn')),
                ('state', models.CharField(choices=[('not_started', 'chưa thực hiện'), ('in_progress', 'đang thực hiện'), ('handed_in', 'chờ xác nhận'), ('completed', 'hoàn thành'), ('declined', 'trả lại nhiệm vụ'), ('waived', 'không phải thực hiện')], max_length=12, verbose_name='trạng thái')),
                ('timeliness', models.CharField(choices=[('in_time', 'trong hạn'), ('nearly_due', 'sắp đến hạn'), ('overdue', 'quá hạn'), ('no_deadline', 'không có hạn'), ('on_time', 'đúng hạn'), ('late', 'trễ hạn'), ('not_updated', 'chưa cập nhật')], max_length=12, verbose_name='tiến độ so với hạn')),
                ('percent', models.PositiveSmallIntegerField(default=0, verbose_name='tiến độ (%)')),
                ('deliveries', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('done_on_time', models.PositiveSmallIntegerField(default=0)),
                ('handed_in', models.PositiveSmallIntegerField(default=0)),
                ('overdue', models.PositiveSmallIntegerField(default=0)),
                ('results', models.TextField(blank=True, verbose_name='kết quả, tình hình thực hiện')),
                ('targets', models.JSONField(default=list, verbose_name='chỉ tiêu')),
            ],
            options={
                'verbose_name': 'dòng của báo cáo tổng hợp',
                'verbose_name_plural': 'dòng của báo cáo tổng hợp',
                'ordering': ['consolidation_id', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ConsolidationDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('word', 'Word'), ('excel', 'Excel'), ('pdf', 'PDF')], max_length=5, verbose_name='loại')),
                ('file', models.FileField(upload_to='consolidations/%Y/', verbose_name='tệp')),
                ('name', models.CharField(max_length=255, verbose_name='tên tệp')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(verbose_name='cỡ (byte)')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'tài liệu của báo cáo tổng hợp',
                'verbose_name_plural': 'tài liệu của báo cáo tổng hợp',
                'ordering': ['consolidation_id', 'kind'],
            },
        ),
        migrations.CreateModel(
            name='PeriodEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', 'mở kỳ'), ('changed', 'điều chỉnh kỳ'), ('excepted', 'không phải báo cáo'), ('asked', 'yêu cầu thêm cơ quan báo cáo'), ('closed', 'đóng kỳ')], max_length=10, verbose_name='việc')),
                ('on', models.DateField(verbose_name='ngày')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('words', models.TextField(blank=True, verbose_name='nội dung')),
            ],
            options={
                'verbose_name': 'sự kiện của kỳ báo cáo',
                'verbose_name_plural': 'sự kiện của kỳ báo cáo',
                'ordering': ['period_id', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PeriodExclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='lý do')),
            ],
            options={
                'verbose_name': 'cơ quan không phải báo cáo',
                'verbose_name_plural': 'cơ quan không phải báo cáo',
                'ordering': ['period_id', 'agency__sort_key'],
            },
        ),
        migrations.CreateModel(
            name='ReportAttachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to='reports/%Y/%m/', verbose_name='tệp')),
                ('name', models.CharField(max_length=255, verbose_name='tên tệp')),
                ('size', models.PositiveIntegerField(verbose_name='cỡ (byte)')),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'tài liệu kèm theo báo cáo',
                'verbose_name_plural': 'tài liệu kèm theo báo cáo',
                'ordering': ['report_id', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='consolidation',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='consolidation',
            name='collector',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency', verbose_name='cơ quan tổng hợp'),
        ),
        migrations.AddField(
            model_name='consolidation',
            name='failure',
            field=models.CharField(blank=True, max_length=500, verbose_name='lý do chưa lập được'),
        ),
        migrations.AddField(
            model_name='consolidation',
            name='figures_hash',
            field=models.CharField(default='', max_length=64, verbose_name='SHA-256 của số liệu'),
        ),
        migrations.AddField(
            model_name='consolidation',
            name='lease_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='consolidation',
            name='progress',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='tiến độ lập tài liệu (%)'),
        ),
        migrations.AddField(
            model_name='period',
            name='children_due_date',
            field=models.DateField(blank=True, help_text='Để trống: cùng hạn nộp chung.', null=True, verbose_name='hạn đơn vị cấp dưới nộp cho cơ quan cấp trên'),
        ),
        migrations.AddField(
            model_name='period',
            name='collects_children',
            field=models.BooleanField(default=True, help_text='Ví dụ: xã báo cáo huyện, phòng báo cáo sở; cơ quan cấp trên tiếp nhận và tổng hợp.', verbose_name='đơn vị cấp dưới báo cáo qua cơ quan cấp trên trực tiếp'),
        ),
        migrations.AddField(
            model_name='period',
            name='commend_above',
            field=models.PositiveSmallIntegerField(default=90, verbose_name='biểu dương khi tỷ lệ hoàn thành trên (%)'),
        ),
        migrations.AddField(
            model_name='period',
            name='commend_late_below',
            field=models.PositiveSmallIntegerField(default=10, verbose_name='và tỷ lệ trễ hạn dưới (%)'),
        ),
        migrations.AddField(
            model_name='period',
            name='groups',
            field=models.ManyToManyField(blank=True, help_text='Ngoài các cơ quan được giao nhiệm vụ báo cáo trong kế hoạch.', related_name='+', to='agencies.agencygroup', verbose_name='nhóm cơ quan phải báo cáo'),
        ),
        migrations.AddField(
            model_name='period',
            name='outline',
            field=models.JSONField(default=reports.outline.default_outline, verbose_name='đề cương'),
        ),
        migrations.AddField(
            model_name='period',
            name='remind_below',
            field=models.PositiveSmallIntegerField(default=50, verbose_name='nhắc nhở khi tỷ lệ hoàn thành dưới (%)'),
        ),
        migrations.AddField(
            model_name='period',
            name='revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='report',
            name='collector',
            field=models.ForeignKey(blank=True, help_text='Để trống: cơ quan điều phối kế hoạch tiếp nhận.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='collected_reports', to='agencies.agency', verbose_name='cơ quan cấp trên tiếp nhận'),
        ),
        migrations.AddField(
            model_name='report',
            name='due_date',
            field=models.DateField(null=True, verbose_name='hạn nộp (ngày cuối còn đúng hạn)'),
        ),
        migrations.AddField(
            model_name='report',
            name='obstacle_rows',
            field=models.JSONField(default=list, help_text='Bản chụp của bàn vướng mắc.', verbose_name='vướng mắc trong kỳ'),
        ),
        migrations.AddField(
            model_name='report',
            name='prefilled',
            field=models.JSONField(default=dict, help_text='Khi khác với lời văn: cơ quan đã tự sửa, không lấy lại.', verbose_name='lời lấy sẵn theo mục'),
        ),
        migrations.AddField(
            model_name='report',
            name='words',
            field=models.JSONField(default=dict, help_text='Mã mục của đề cương → lời văn.', verbose_name='lời văn theo mục'),
        ),
        migrations.AddField(
            model_name='reportevent',
            name='on_behalf',
            field=models.BooleanField(default=False, verbose_name='làm thay'),
        ),
        migrations.AddField(
            model_name='reportline',
            name='targets',
            field=models.JSONField(default=list, help_text='Chỉ tiêu của nhiệm vụ và số cơ quan báo.', verbose_name='chỉ tiêu'),
        ),
        migrations.AlterField(
            model_name='reportevent',
            name='kind',
            field=models.CharField(choices=[('approved', 'lãnh đạo duyệt'), ('reopened', 'mở lại để sửa'), ('submitted', 'nộp'), ('returned', 'trả lại'), ('accepted', 'tiếp nhận'), ('excluded', 'không phải báo cáo'), ('included', 'phải báo cáo trở lại')], max_length=10, verbose_name='việc'),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=models.CheckConstraint(condition=models.Q(('cut_off__gte', models.F('begins_on'))), name='period_closes_its_figures_after_it_begins', violation_error_message='Ngày chốt số liệu phải sau ngày bắt đầu kỳ.'),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=models.CheckConstraint(condition=models.Q(('children_due_date__isnull', True), ('children_due_date__lte', models.F('due_date')), _connector='OR'), name='children_report_before_their_parent', violation_error_message='Đơn vị cấp dưới phải nộp không muộn hơn hạn nộp của cơ quan cấp trên.'),
        ),
        migrations.AddConstraint(
            model_name='period',
            constraint=models.CheckConstraint(condition=models.Q(('commend_above__lte', 100), ('commend_late_below__lte', 100), ('remind_below__lte', 100)), name='period_thresholds_are_percents', violation_error_message='Các ngưỡng là số phần trăm từ 0 đến 100.'),
        ),
        migrations.AddField(
            model_name='consolidatedline',
            name='consolidation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reports.consolidation'),
        ),
        migrations.AddField(
            model_name='consolidationdocument',
            name='consolidation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='reports.consolidation'),
        ),
        migrations.AddField(
            model_name='periodevent',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='periodevent',
            name='period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='reports.period'),
        ),
        migrations.AddField(
            model_name='periodexclusion',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency', verbose_name='cơ quan'),
        ),
        migrations.AddField(
            model_name='periodexclusion',
            name='period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exclusions', to='reports.period'),
        ),
        migrations.AddField(
            model_name='reportattachment',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reportattachment',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='reports.report'),
        ),
        migrations.AddIndex(
            model_name='consolidatedline',
            index=models.Index(fields=['consolidation', 'position', 'id'], name='consolidated_line_in_order'),
        ),
        migrations.AddConstraint(
            model_name='consolidationdocument',
            constraint=models.UniqueConstraint(fields=('consolidation', 'kind'), name='consolidation_has_a_document_once_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='periodexclusion',
            constraint=models.UniqueConstraint(fields=('period', 'agency'), name='agency_is_excluded_once_a_period'),
        ),
    ]

namespace CertiFlip.Auditing;

/// <summary>
/// What an audit needs to know of one row: of a training row, how the others see its label; of a row whose prediction
/// is audited, what its exact radius is while labels are verified. Rows can be looked at anywhere, be written, and be
/// read where <see cref="Auditor.Conclude"/> puts them together.
/// </summary>
public sealed class AuditRow
{
    private const byte HasLeftOut = 1, HasAudited = 2;

    internal AuditRow(LeftOutRow? leftOut, IAuditedRow? audited) => (LeftOut, Audited) = (leftOut, audited);

    internal LeftOutRow? LeftOut { get; }

    internal IAuditedRow? Audited { get; }

    /// <summary>
    /// Writes the row: about nine bytes for each label that the prediction may depend on, the exact radius and a few
    /// more; where labels differ in cost, for each label whose weight is not 0.
    /// </summary>
    /// <param name="writer">Receives it.</param>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write((byte)((LeftOut is null ? 0 : HasLeftOut) | (Audited is null ? 0 : HasAudited)));
        if (LeftOut is { } row)
        {
            writer.Write7BitEncodedInt(row.Label);
            writer.Write7BitEncodedInt(row.Class);
            Write(writer, row.Radius);
            writer.Write(row.Lead);
        }

        Audited?.Write(writer);
    }

    /// <summary>Reads what <see cref="Write(BinaryWriter)"/> wrote.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="classes">K.</param>
    /// <param name="audited">Reads the part about a prediction.</param>
    internal static AuditRow Read(BinaryReader reader, int classes, Func<IAuditedRow> audited)
    {
        int parts = reader.ReadByte();
        if (parts > (HasLeftOut | HasAudited))
            throw new InvalidDataException("This is no row of an audit.");
        LeftOutRow? leftOut = null;
        if ((parts & HasLeftOut) != 0)
        {
            int ReadClass() => reader.Read7BitEncodedInt() is var c && c >= 0 && c < classes
                ? c
                : throw new InvalidDataException($"There is no class {c}.");
            leftOut = new LeftOutRow(ReadClass(), ReadClass(), ReadRadius(reader), reader.ReadDouble());
        }

        return new AuditRow(leftOut, (parts & HasAudited) == 0 ? null : audited());
    }

    internal static void Write(BinaryWriter writer, Radius radius) => writer.Write(radius.IsAny ? -1 : radius.Budget);

    internal static Radius ReadRadius(BinaryReader reader) => reader.ReadInt32() switch
    {
        -1 => Radius.Any,
        >= 0 and < int.MaxValue and var budget => Radius.Of(budget),
        var other => throw new InvalidDataException($"{other} is no radius."),
    };
}

using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Ranking.Evaluation;

/// <summary>Chosen rows of the encoded features as ML.NET reads data: a column a field, without a copy.</summary>
internal sealed class BaselineView : IDataView
{
    private readonly BaselineFeatures features;
    private readonly ImmutableArray<int> rows;
    private readonly Func<int, bool> labelOf;

    /// <param name="features">All rows.</param>
    /// <param name="rows">The rows of this view.</param>
    /// <param name="labelOf">The label of a row.</param>
    public BaselineView(BaselineFeatures features, ImmutableArray<int> rows, Func<int, bool> labelOf)
    {
        this.features = features;
        this.rows = rows;
        this.labelOf = labelOf;
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(BaselineFeatures.Label, BooleanDataViewType.Instance);
        AddVector(BaselineFeatures.Numbers, features.NumberWidth);
        AddVector(BaselineFeatures.Frequencies, features.Ids.Length);
        foreach (var field in features.Ids)
        {
            AddVector(BaselineFeatures.NameOf(field), field.Slots);
        }

        Schema = schema.ToSchema();

        // A vector of size 0 would mean one of any size.
        void AddVector(string name, int width)
        {
            if (width > 0)
            {
                schema.AddColumn(name, new VectorDataViewType(NumberDataViewType.Single, width));
            }
        }
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => rows.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var order = rows.ToArray();
        rand?.Shuffle(order);
        return new Cursor(this, order, [.. columnsNeeded.Select(column => column.Index)]);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(BaselineView view, int[] order, HashSet<int> active) : DataViewRowCursor
    {
        private long position = -1;

        public override long Position => position;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        private int Row => order[position];

        public override bool MoveNext() => ++position < order.Length;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ValueGetter<TValue>)Getter(column.Name);

        private Delegate Getter(string column)
        {
            switch (column)
            {
                case BaselineFeatures.Label:
                    return (ValueGetter<bool>)((ref bool label) => label = view.labelOf(Row));
                case BaselineFeatures.Numbers:
                    return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> into) => view.features.ReadNumbers(Row, ref into));
                case BaselineFeatures.Frequencies:
                    return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> into) => view.features.ReadFrequencies(Row, ref into));
                default:
                    var field = view.features.Ids.Single(field => BaselineFeatures.NameOf(field) == column);
                    return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> into) => field.Read(Row, ref into));
            }
        }
    }
}
